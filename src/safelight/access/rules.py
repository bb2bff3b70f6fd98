"""Who may see whom, and for how long. Pure.

1. Whoever treats or photographs sees the patients of their own wards, those of their own visits, and those whose wristband they scanned.
2. Whoever gives a reason sees one patient for an hour; the IG lead reviews it. Whoever is let in, in an emergency, for an hour too.
3. The worker, which nobody drives by hand, sees everyone. The command line, stations and strangers see nobody.
4. No role alone opens a patient (I2): not an administrator's, not an IG lead's.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from safelight.kernel.actor import Actor, ActorKind, Role
from safelight.patients.models import Patient

SCAN_FOR = timedelta(days=30)
# A wound is followed over months (C6); who took its first photo compares the last one with it.
VISIT_FOR = timedelta(days=365)
BREAK_GLASS_FOR = timedelta(minutes=60)
LET_IN_FOR = timedelta(minutes=60)
PROOF_FOR = timedelta(minutes=5)
REVIEW_WITHIN = timedelta(hours=72)
OFTEN, OFTEN_WITHIN = 3, timedelta(days=7)


class Reason(StrEnum):
    """Why a record is opened without looking after the patient. A closed list."""

    EMERGENCY = "emergency"
    ASKED_BY_COLLEAGUE = "asked_by_colleague"
    MOVED_HERE = "moved_here"
    WRONG_RECORD = "wrong_record"
    PATIENT_ASKED = "patient_asked"
    INVESTIGATION = "investigation"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Reason.EMERGENCY: "Emergency: the patient needs care now",
    Reason.ASKED_BY_COLLEAGUE: "A colleague who looks after the patient asked me",
    Reason.MOVED_HERE: "The patient came to us, and the ward is not right yet",
    Reason.WRONG_RECORD: "A photo seems to be in the wrong record",
    Reason.PATIENT_ASKED: "The patient asked me to",
    Reason.INVESTIGATION: "Complaint, incident or request for a copy",
}


class Verdict(StrEnum):
    """What the review of an opened record found."""

    IN_ORDER = "in_order"
    FOLLOW_UP = "follow_up"

    @property
    def words(self) -> str:
        return {Verdict.IN_ORDER: "In order", Verdict.FOLLOW_UP: "To be followed up"}[self]


def treats(actor: Actor) -> bool:
    """Whether the actor's account is for treating or photographing patients at all."""
    return actor.kind is ActorKind.STAFF and actor.has(Role.CLINICIAN, Role.PHOTOGRAPHER)


def own_ward(actor: Actor, patient: Patient) -> bool:
    """Whether the patient is on a ward on which the actor treats."""
    return treats(actor) and patient.ward != "" and patient.ward in actor.wards


def may_give_a_reason(actor: Actor) -> bool:
    """Whether a reason opens a patient for the actor: also for an IG lead, whose reason another one reviews."""
    return treats(actor) or (actor.kind is ActorKind.STAFF and actor.has(Role.IG_LEAD))


def reviews(actor: Actor) -> bool:
    """Whether the actor reviews opened records."""
    return actor.kind is ActorKind.STAFF and actor.has(Role.IG_LEAD)


def too_often(times: Iterable[datetime], *, at: datetime) -> bool:
    """Whether the record opened at `at` was more than the third within seven days; `times` are when this person opened one."""
    return sum(at - OFTEN_WITHIN < one <= at for one in times) > OFTEN
