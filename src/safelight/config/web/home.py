"""Home: the scan box, what waits for this person, today's patients, the camera in their hands, and who is on call."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from safelight.access import queries as access
from safelight.access import rules as access_rules
from safelight.access.actions.name_patients import name_patients
from safelight.audit.request import StaffRequest
from safelight.config.web.today import todays_patients
from safelight.consent import queries as consents
from safelight.consent import rules as consent_rules
from safelight.consent.models import ConsentOwed
from safelight.custody import queries as custody
from safelight.custody import rules as custody_rules
from safelight.intake import tray
from safelight.kernel import clock
from safelight.kernel.actor import Actor, Role
from safelight.outbox import queries as outbox
from safelight.outbox import rules as outbox_rules
from safelight.patients import queries as patients
from safelight.patients.identity import Identity
from safelight.sharing import rules as sharing_rules
from safelight.sharing.mail import queries as mail
from safelight.sharing.mail import rules as mail_rules
from safelight.staff import queries as staff

# More teams than these are folded: the card stays beside what waits for this person, on a ward's screen.
MOST_TEAMS = 6


@dataclass(frozen=True, slots=True)
class Owed:
    """A consent that must be asked; the name only of a patient whom this person may see."""

    consent: UUID
    patient: UUID
    who: Identity
    due_at: datetime
    late: bool


@require_safe
def home(request: StaffRequest) -> HttpResponse:
    """The first page after signing in."""
    return page(request)


def page(request: StaffRequest, *, problem: str = "") -> HttpResponse:
    """Home, with what was wrong about a scan."""
    by, now = request.actor, clock.now()
    shown = {
        "problem": problem,
        "holding": custody.in_hands(by),
        "late": {out.pk for out in custody.in_hands(by) if custody_rules.overdue(out, now=now)},
        "waiting": tray.cards_waiting(by),
        "owed": _owed(by, now),
        "today": todays_patients(by, now),
        "on_call": staff.on_call_of_all(by, at=now),
        "most_teams": MOST_TEAMS,
        "may_ask": sharing_rules.may_ask(by),
        "oversight": _oversight(by),
    }
    return render(request, "config/home.jinja", shown, using="jinja", status=422 if problem else 200)


def _owed(by: Actor, now: datetime) -> list[Owed]:
    rows: list[ConsentOwed] = consents.owed(by, now=now)
    seen = access.may_see_many(by, [row.consent.patient_id for row in rows], now=now)
    if seen:
        name_patients(by=by, patients=seen, now=now)
    names = patients.identities(by, seen)
    return [
        Owed(row.consent_id, row.consent.patient_id, names[row.consent.patient_id], row.due_at, consent_rules.overdue(row, now=now))
        for row in rows
        if row.consent.patient_id in names
    ]


def _oversight(by: Actor) -> list[tuple[str, str, int]]:
    """Pages of those who look after people, cameras and what was opened; with how many wait for them."""
    rows = [
        (access_rules.reviews(by), reverse("access:opened_records"), "Records opened by a reason", access.to_review(by)),
        (custody_rules.may_oversee(by), reverse("custody:governance"), "Cameras and cards", 0),
        (mail_rules.may_set_up(by), reverse("mail:overview"), "Mail", 0),
        (mail_rules.may_place(by), reverse("mail:letters"), "Letters that nobody could place", _letters(by)),
        (outbox_rules.may_mend(by), reverse("outbox:stuck"), "What needs a person", outbox.stuck_count(by)),
        (by.has(Role.ADMINISTRATOR), reverse("staff:people"), "People", 0),
        (by.has(Role.ADMINISTRATOR), reverse("staff:wards"), "Wards", 0),
        (custody_rules.may_register(by), reverse("custody:register"), "Register of cameras", 0),
        (custody_rules.may_register(by), reverse("custody:stations"), "Import stations", 0),
        (consent_rules.may_word(by), reverse("consent:words"), "Words for patients", 0),
    ]
    return [(href, text, count) for allowed, href, text, count in rows if allowed]


def _letters(by: Actor) -> int:
    return len(mail.waiting_letters(by)) if mail_rules.may_place(by) else 0
