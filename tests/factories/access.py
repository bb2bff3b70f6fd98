"""Reasons to see a patient, by the real actions.

`give_access(khan, patient)` is what a scanned wristband gives (30 days); `why="break_glass"` is an hour for a reason given.
A patient of one of the person's wards needs none of this.
"""

from datetime import datetime
from uuid import uuid4

from tests.factories.staff import actor_of

from safelight.access.actions.break_glass import break_glass
from safelight.access.actions.note_scan import note_scan
from safelight.access.rules import Reason
from safelight.access.sealing import seal_words
from safelight.kernel import clock
from safelight.patients.models import Patient
from safelight.staff.models import Person


def give_access(person: Person, patient: Patient, why: str = "scan", *, at: datetime | None = None) -> None:
    """Let a person see a patient from `at` on (now, unless said otherwise)."""
    when = at or clock.now()
    by = actor_of(person, proved_at=when)
    match why:
        case "scan":
            note_scan(by=by, patient_id=patient.pk, now=when, new_id=uuid4())
        case "break_glass":
            new_id = uuid4()
            words = seal_words("Asked to look at the wound", relationship_id=new_id)
            break_glass(by=by, patient_id=patient.pk, reason=Reason.EMERGENCY, words=words, now=when, new_id=new_id)
        case _:
            raise ValueError(why)
