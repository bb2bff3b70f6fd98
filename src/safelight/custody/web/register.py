"""The register of cabinets, cameras and cards, for administrators and the medical photographer."""

from collections.abc import Callable
from uuid import UUID, uuid4

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safelight.audit.request import StaffRequest
from safelight.custody import queries, registry, rules
from safelight.custody.actions.change_cabinet import change_cabinet
from safelight.custody.actions.change_camera import change_camera
from safelight.custody.actions.find_card import find_card
from safelight.custody.actions.move_card import move_card
from safelight.custody.actions.register_cabinet import register_cabinet
from safelight.custody.actions.register_camera import register_camera
from safelight.custody.actions.register_card import register_card
from safelight.custody.actions.report_card_lost import report_card_lost
from safelight.custody.actions.retire_card import retire_card
from safelight.custody.errors import AlreadyRegistered, NotForYou, StillInUse
from safelight.custody.web.forms import CabinetForm, CameraForm, CardForm, MoveCardForm
from safelight.kernel import clock


def _to_register() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("custody:register"))


def _entered(request: StaffRequest, form: forms.Form, enter: Callable[[], object], title: str) -> HttpResponse:
    """Show a form of the register until it is entered."""
    if not rules.may_register(request.actor):
        raise NotForYou
    if form.is_valid():
        try:
            enter()
        except AlreadyRegistered as no:
            form.add_error("code" if "code" in form.fields else None, no.says)
        else:
            return _to_register()
    return render(request, "custody/entry.jinja", {"form": form, "heading": title}, using="jinja")


def _posted(request: StaffRequest) -> object:
    return request.POST if request.method == "POST" else None


@require_safe
def register(request: StaffRequest) -> HttpResponse:
    """All cabinets, cameras and cards."""
    if not rules.may_register(request.actor):
        raise NotForYou
    by, now = request.actor, clock.now()
    cards = registry.cards(by)
    outs = registry.last_outs(by, cards)
    shown = {
        "cabinets": registry.cabinets(by),
        "cameras": queries.cameras(by),
        "cards": [(card, rules.card_state(card, last_out_at=outs.get(card.pk), now=now)) for card in cards],
    }
    return render(request, "custody/register.jinja", shown, using="jinja")


@require_http_methods(["GET", "HEAD", "POST"])
def new_cabinet(request: StaffRequest) -> HttpResponse:
    """Put a cabinet on the register."""
    form = CabinetForm(_posted(request), actor=request.actor)
    return _entered(
        request,
        form,
        lambda: register_cabinet(by=request.actor, **form.cleaned_data, now=clock.now(), new_id=uuid4()),
        "Put a cabinet on the register",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def cabinet(request: StaffRequest, cabinet_id: UUID) -> HttpResponse:
    """Correct a cabinet."""
    found = registry.cabinet(request.actor, cabinet_id)
    form = CabinetForm(_posted(request), actor=request.actor, of=found)
    return _entered(
        request, form, lambda: change_cabinet(by=request.actor, cabinet_id=cabinet_id, **form.cleaned_data, now=clock.now()), found.code
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_camera(request: StaffRequest) -> HttpResponse:
    """Put a camera on the register."""
    form = CameraForm(_posted(request), cabinets=registry.cabinets(request.actor))

    def enter() -> None:
        said = form.cleaned_data
        register_camera(
            by=request.actor,
            code=said["code"],
            make=said["make"],
            model=said["model"],
            serial=said["serial"],
            cabinet_id=UUID(said["cabinet"]),
            shelf=said["shelf"],
            now=clock.now(),
            new_id=uuid4(),
        )

    return _entered(request, form, enter, "Put a camera on the register")


@require_http_methods(["GET", "HEAD", "POST"])
def camera(request: StaffRequest, code: str) -> HttpResponse:
    """Correct a camera."""
    found = queries.camera(request.actor, code)
    form = CameraForm(_posted(request), cabinets=registry.cabinets(request.actor), of=found)

    def enter() -> None:
        said = form.cleaned_data
        change_camera(
            by=request.actor,
            camera_id=found.pk,
            make=said["make"],
            model=said["model"],
            serial=said["serial"],
            cabinet_id=UUID(said["cabinet"]),
            shelf=said["shelf"],
            now=clock.now(),
        )

    return _entered(request, form, enter, found.code)


@require_http_methods(["GET", "HEAD", "POST"])
def new_card(request: StaffRequest) -> HttpResponse:
    """Put a card on the register."""
    form = CardForm(_posted(request), cameras=queries.cameras(request.actor))

    def enter() -> None:
        said = form.cleaned_data
        camera_id = UUID(said["camera"]) if said["camera"] else None
        register_card(by=request.actor, code=said["code"], volume=said["volume"], camera_id=camera_id, now=clock.now(), new_id=uuid4())

    return _entered(request, form, enter, "Put a card on the register")


@require_http_methods(["GET", "HEAD", "POST"])
def card(request: StaffRequest, code: str) -> HttpResponse:
    """One card: where it is, and to which camera it belongs."""
    by, now = request.actor, clock.now()
    found = registry.card(by, code)
    now_in = str(found.camera_id) if found.camera_id else ""
    form = MoveCardForm(_posted(request), cameras=queries.cameras(by), now_in=now_in)
    if form.is_valid():
        chosen = form.cleaned_data["camera"]
        try:
            move_card(by=by, card_id=found.pk, camera_id=UUID(chosen) if chosen else None, now=now)
        except StillInUse:
            form.add_error("camera", "A camera of the two is out. Wait until it is back.")
        else:
            return HttpResponseRedirect(reverse("custody:card", args=[found.code]))
    shown = {
        "card": found,
        "state": rules.card_state(found, last_out_at=registry.last_outs(by, [found]).get(found.pk), now=now),
        "form": form,
        "keeps_register": rules.may_register(by),
    }
    return render(request, "custody/card.jinja", shown, using="jinja")


@require_POST
def card_lost(request: StaffRequest, code: str) -> HttpResponse:
    """Report a card lost; the answer says what was on it."""
    was_on = report_card_lost(by=request.actor, card_id=registry.card(request.actor, code).pk, now=clock.now())
    return render(request, "custody/lost_told.jinja", {"one": None, "was_on": (was_on,)}, using="jinja")


@require_POST
def card_found(request: StaffRequest, code: str) -> HttpResponse:
    """A lost card was found."""
    find_card(by=request.actor, card_id=registry.card(request.actor, code).pk, now=clock.now())
    return HttpResponseRedirect(reverse("custody:card", args=[code]))


@require_POST
def card_retired(request: StaffRequest, code: str) -> HttpResponse:
    """Take a card off the register when it is destroyed."""
    retire_card(by=request.actor, card_id=registry.card(request.actor, code).pk, now=clock.now())
    return _to_register()
