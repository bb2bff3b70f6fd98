"""What went wrong with cameras and cards, for the IG lead; and the files on cards about which a person decides."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safelight.audit.request import StaffRequest
from safelight.custody import oversight, queries, registry, rules
from safelight.custody.actions.decide_leftover import decide_leftover
from safelight.custody.actions.release_card import release_card
from safelight.custody.actions.release_import import release_import
from safelight.custody.models import LeftOver
from safelight.custody.rules import Decision
from safelight.custody.web.forms import ReasonForm
from safelight.kernel import clock
from safelight.vault import fields

DAYS = 30


@require_safe
def custody(request: StaffRequest) -> HttpResponse:
    """Rules set aside, what is late, lost or held, and how long photos lay on cards."""
    by, now = request.actor, clock.now()
    since = now - timedelta(days=DAYS)
    shown = {
        "days": DAYS,
        "since": since,
        "now": now,
        "overdue": oversight.overdue(by, now=now),
        "lost_cameras": oversight.lost_cameras(by),
        "lost_cards": oversight.lost_cards(by),
        "not_seen": oversight.not_seen(by, now=now),
        "held": oversight.held_cards(by),
        "held_imports": oversight.held_imports(by),
        "leftovers": oversight.imports_with_leftovers(by),
        "set_aside": oversight.set_aside(by, since=since),
        "clocks": oversight.wrong_clocks(by),
        "times": oversight.times_on_card(by, since=since),
        "waiting": oversight.waiting_on_cards(by, now=now),
        "not_read_to_their_end": oversight.not_read_to_their_end(by, now=now),
        "may_release": rules.may_release(by),
        "may_give_up": rules.may_give_up(by),
        "shift_hours": int(rules.SAME_SHIFT.total_seconds() // 3600),
    }
    return render(request, "custody/governance.jinja", shown, using="jinja")


@require_POST
def released(request: StaffRequest, card_id: UUID) -> HttpResponse:
    """Release a card that was held as evidence."""
    release_card(by=request.actor, card_id=card_id, now=clock.now())
    return HttpResponseRedirect(reverse("custody:governance"))


@require_POST
def import_released(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Release a card that nobody knows."""
    release_import(by=request.actor, import_id=import_id, now=clock.now())
    return HttpResponseRedirect(reverse("custody:governance"))


@require_safe
def leftovers(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """The files on a card that are neither photos nor the camera's own."""
    read_in = queries.import_progress(request.actor, import_id).card_import
    rows = [_named(row) for row in queries.leftovers_of(request.actor, import_id)]
    shown = {"read_in": read_in, "rows": rows, "may_erase": rules.may_release(request.actor) or not rules.read_as_evidence(read_in)}
    return render(request, "custody/leftovers.jinja", shown, using="jinja")


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: StaffRequest, leftover_id: UUID) -> HttpResponse:
    """Erase a file that somebody has looked at: with a reason and by name."""
    row = registry.leftover(request.actor, leftover_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        decide_leftover(by=request.actor, leftover_id=leftover_id, decision=Decision.ERASE, reason=reason, now=clock.now())
        return HttpResponseRedirect(reverse("custody:leftovers", args=[row.read_in_id]))
    return render(request, "custody/erase.jinja", {"row": _named(row), "form": form}, using="jinja")


@require_POST
def give(request: StaffRequest, leftover_id: UUID) -> HttpResponse:
    """Pass a file on to the photographer."""
    row = registry.leftover(request.actor, leftover_id)
    decide_leftover(by=request.actor, leftover_id=leftover_id, decision=Decision.GIVE, reason="", now=clock.now())
    return HttpResponseRedirect(reverse("custody:leftovers", args=[row.read_in_id]))


def _named(row: LeftOver) -> dict[str, object]:
    """A file with its name, opened for this page only."""
    name = fields.open_field(bytes(row.sealed_name), context=f"leftover|{row.read_in_id}").decode(errors="replace")
    return {"row": row, "name": name}
