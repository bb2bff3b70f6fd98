"""A card that came out before it was read to its end and does not come back: what becomes of the photos that were sent ahead of it."""

from contextlib import suppress
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from safelight.audit.request import StaffRequest
from safelight.custody import ahead, rules
from safelight.custody.actions.agree_to_disposal import agree_to_disposal
from safelight.custody.actions.ask_for_disposal import ask_for_disposal
from safelight.custody.actions.give_up_card import give_up_card
from safelight.custody.ahead import BeingRead
from safelight.custody.errors import CameMeanwhile, NotForYou, StillReading
from safelight.custody.rules import WhyGivenUp
from safelight.custody.web.forms import AgreeForm, DisposalForm, GiveUpForm
from safelight.kernel import clock
from safelight.kernel.errors import Unavailable
from safelight.staff.web.door import fresh_proof
from safelight.vault import chosen, fields


@require_http_methods(["GET", "HEAD", "POST"])
def card(request: StaffRequest, key: UUID) -> HttpResponse:
    """What is known of such a card; its photos are taken into the tray."""
    if not rules.may_give_up(request.actor):
        raise NotForYou
    form = GiveUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = _given_up(request, key, why=WhyGivenUp(form.cleaned_data["why"]), seen=form.cleaned_data["seen"])
        except (CameMeanwhile, StillReading) as no:
            form.add_error(None, no.says)
        else:
            return HttpResponseRedirect(reverse("intake:import", args=[made]))
    found = ahead.one(request.actor, key, now=clock.now())
    shown = _shown(request, found) | {"form": form, "may_dispose": rules.may_release(request.actor)}
    return render(request, "custody/ahead.jinja", shown, using="jinja")


@fresh_proof()
@require_http_methods(["GET", "HEAD", "POST"])
def disposal(request: StaffRequest, key: UUID) -> HttpResponse:
    """Throw such photos away: one person asks, another agrees."""
    by = request.actor
    if not rules.may_release(by):
        raise NotForYou
    found = ahead.one(by, key, now=clock.now())
    form = (AgreeForm if found.disposal else DisposalForm)(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            if found.disposal:
                _purge(agree_to_disposal(by=by, key=key, seen=form.cleaned_data["seen"], now=clock.now()))
            else:
                said = form.cleaned_data
                ask_for_disposal(by=by, key=key, seen=said["seen"], reason=said["reason"], now=clock.now(), new_id=uuid4())
        except (CameMeanwhile, StillReading) as no:
            form.add_error(None, no.says)
        else:
            return HttpResponseRedirect(reverse("custody:governance"))
    return render(request, "custody/ahead_disposal.jinja", _shown(request, found) | {"form": form}, using="jinja")


def _given_up(request: StaffRequest, key: UUID, *, why: WhyGivenUp, seen: int) -> UUID:
    new_id = uuid4()
    names = {
        note: (uuid4(), fields.seal_field(f"photo.{ending}".encode(), context=f"place|{new_id}"))
        for note, ending in ahead.endings(request.actor, key)
    }
    return give_up_card(by=request.actor, key=key, seen=seen, why=why, names=names, now=clock.now(), new_id=new_id).pk


def _shown(request: StaffRequest, found: BeingRead) -> dict[str, object]:
    asked_by_me = found.disposal is not None and found.disposal.asked_by_id == request.actor.id
    return {"found": found, "evidence": ahead.may_be_evidence(found), "asked_by_me": asked_by_me}


def _purge(gone: list[UUID]) -> None:
    """Free the room that objects without a key take. Where the store does not answer they stay, and are noise."""
    with suppress(Unavailable):
        for name in gone:
            chosen.store().purge(name)
