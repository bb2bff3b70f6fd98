"""What covering does about the record's facts and its own.

A photo is looked at when it is filed, moved, or its file renewed, and when somebody opens one that was never looked at; and again, as it
is covered, once everything in it is decided and once it is signed for. One that is moved or renewed has no covered copy that stands,
until somebody looks again. What was read in photos is compared anew when something else is known of their patient.
"""

from collections.abc import Iterable
from uuid import UUID

from safelight.audit.listeners import on
from safelight.deidentify import rematching
from safelight.deidentify.facts import BoxesKept, CopyApproved, DeskOpened
from safelight.deidentify.tasks import (
    find_in_photograph,
    look_again_at_copy,
    look_again_at_draft,
    match_patient_anew,
    match_photograph_anew,
)
from safelight.kernel.actor import WORKER
from safelight.outbox.flows import enqueue
from safelight.patients.facts import MergeUndone, PatientChanged, PatientMerged, PatientsBroughtIn
from safelight.photographs.facts import NewCopyTaken, PhotographFiled, PhotographMoved
from safelight.photographs.models import Tombstone

MOST_AT_ONCE = 500


@on(PhotographFiled)
def a_look_is_owed(fact: PhotographFiled) -> None:
    enqueue(find_in_photograph, fact.photograph, queue="find", key=f"find:{fact.photograph}")


@on(PhotographMoved)
def a_look_for_the_other_patient(fact: PhotographMoved) -> None:
    """What is read in it is compared with another patient now. The key counts the moves, for a photo may come back."""
    moves = Tombstone.objects.filter(photograph=fact.photograph).count()
    enqueue(find_in_photograph, fact.photograph, queue="find", key=f"find:{fact.photograph}:moved:{moves}")


@on(PhotographMoved)
def what_was_read_beside_the_other_patient(fact: PhotographMoved) -> None:
    """By itself, and at once: the look takes seconds, and may fail."""
    moves = Tombstone.objects.filter(photograph=fact.photograph).count()
    enqueue(match_photograph_anew, fact.photograph, queue="find_now", key=f"match:{fact.photograph}:moved:{moves}")


@on(PatientChanged)
def what_was_read_beside_what_was_put_right(fact: PatientChanged) -> None:
    _match_anew([fact.patient])


@on(PatientsBroughtIn)
def what_was_read_beside_what_a_list_put_right(fact: PatientsBroughtIn) -> None:
    for begins in range(0, len(fact.changed), MOST_AT_ONCE):
        _match_anew(fact.changed[begins : begins + MOST_AT_ONCE], queue="find")


@on(PatientMerged)
def what_was_read_beside_both_names(fact: PatientMerged) -> None:
    _match_anew([fact.patient])


@on(MergeUndone)
def what_was_read_beside_each_name(fact: MergeUndone) -> None:
    _match_anew([fact.patient, fact.was_into])


def _match_anew(changed: Iterable[UUID], *, queue: str = "find_now") -> None:
    """Promised for those who have a photo in which something was read; the key counts what is known of them by its revision."""
    for patient, revision in rematching.to_match(WORKER, changed).items():
        enqueue(match_patient_anew, patient, queue=queue, key=f"match:{patient}:{revision}")


@on(NewCopyTaken)
def a_look_at_the_new_copy(fact: NewCopyTaken) -> None:
    enqueue(find_in_photograph, fact.photograph, queue="find", key=f"find:{fact.photograph}:{fact.stored}")


@on(DeskOpened)
def a_look_at_once(fact: DeskOpened) -> None:
    """Somebody waits at the desk: not behind a card."""
    if fact.look_owed:
        enqueue(find_in_photograph, fact.photograph, queue="find_now", key=f"find:{fact.permit}")
    elif fact.decided:
        enqueue(look_again_at_draft, fact.photograph, queue="find_now", key=f"again:{fact.permit}")


@on(BoxesKept)
def a_second_look_before_somebody_signs(fact: BoxesKept) -> None:
    """The last decision has fallen: the answer is there when they press Save."""
    if not fact.undecided:
        enqueue(look_again_at_draft, fact.photograph, queue="find_now", key=f"again:{fact.copy}:{fact.version}")


@on(CopyApproved)
def a_second_look_at_what_was_signed(fact: CopyApproved) -> None:
    enqueue(look_again_at_copy, fact.copy, queue="find_now", key=f"again:{fact.approval}")
