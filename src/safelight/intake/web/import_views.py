"""The import page: how far the reading of a card is, whose photos it has, and what stays on it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from safelight.access.actions.name_patients import name_patients
from safelight.audit.request import StaffRequest
from safelight.custody import ahead
from safelight.custody import queries as custody
from safelight.custody import rules as custody_rules
from safelight.design.times import since_today
from safelight.intake import tray
from safelight.intake.again import again
from safelight.intake.reading import Stage, reading_of
from safelight.intake.web.shown import Shown, left_of
from safelight.intake.whose import whose
from safelight.kernel import clock

MOST_LOOKS = 600


@require_safe
def imports(request: StaffRequest) -> HttpResponse:
    """Put a card in: the newest reading of today that still runs is shown at once, and the others are listed."""
    running = _running(request)
    if running is not None and "all" not in request.GET:
        return redirect("intake:import", import_id=running)
    return render(request, "intake/imports.jinja", _list(request, looks=0), using="jinja")


@require_safe
def newest(request: StaffRequest) -> HttpResponse:
    """The part of the page that waits for a card: it goes to the reading of one as soon as there is one."""
    running = _running(request)
    if running is not None:
        return HttpResponse(status=200, headers={"HX-Redirect": reverse("intake:import", args=[running])})
    looks = request.GET.get("looks", "")
    return render(request, "intake/newest.jinja", _list(request, looks=int(looks) if looks.isdecimal() else MOST_LOOKS), using="jinja")


@require_safe
def one(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """One reading of a card."""
    return render(request, "intake/import.jinja", _shown(request, import_id), using="jinja")


@require_safe
def progress(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """The part of that page which asks again by itself."""
    return render(request, "intake/progress.jinja", _shown(request, import_id), using="jinja")


def _shown(request: StaffRequest, import_id: UUID) -> dict[str, object]:
    by, now = request.actor, clock.now()
    reading = reading_of(by, import_id, now=now)
    found = whose(by, import_id, now=now)
    if found.named:
        name_patients(by=by, patients=[one.patient for one in found.named], now=now)
    card_import = reading.progress.card_import
    return {
        "import_id": import_id,
        "reading": reading,
        "shown": Shown(reading),
        "asks_again": reading.goes_on(now=now),
        "station": card_import.station,
        "began": card_import.announced_at,
        "whose": found,
        "again": again(by, import_id, now=now),
        "left": left_of(by, import_id),
        "sorts": tray.sorts(by, card_import),
        "stages": Stage,
    }


def _list(request: StaffRequest, *, looks: int) -> dict[str, object]:
    now = clock.now()
    rows = [Shown(reading_of(request.actor, found.pk, now=now)) for found in custody.recent_imports(request.actor, now=now)[:20]]
    cards = ahead.being_read(request.actor, now=now)
    gives_up = custody_rules.may_give_up(request.actor)
    return {"rows": rows, "cards": cards, "gives_up": gives_up, "asks_again": looks < MOST_LOOKS, "looks": looks + 1}


def _running(request: StaffRequest) -> UUID | None:
    """The newest reading of today that is neither done nor given up."""
    now = clock.now()
    since = since_today(now)
    for found in custody.recent_imports(request.actor, now=now)[:5]:
        of_today = found.announced_at >= since
        if of_today and found.finished_at is None and reading_of(request.actor, found.pk, now=now).stage is Stage.LEAVE_IN:
            running: UUID = found.pk
            return running
    return None
