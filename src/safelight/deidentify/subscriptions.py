"""What covering does about the record's facts and its own.

A photo is looked at when it is filed, moved, or its file renewed, and when somebody opens one that was never looked at; and again, as it
is covered, once everything in it is decided and once it is signed for. One that is moved or renewed has no covered copy that stands,
until somebody looks again.
"""

from safelight.audit.listeners import on
from safelight.deidentify.facts import BoxesKept, CopyApproved, DeskOpened
from safelight.deidentify.tasks import find_in_photograph, look_again_at_copy, look_again_at_draft
from safelight.outbox.flows import enqueue
from safelight.photographs.facts import NewCopyTaken, PhotographFiled, PhotographMoved
from safelight.photographs.models import Tombstone


@on(PhotographFiled)
def a_look_is_owed(fact: PhotographFiled) -> None:
    enqueue(find_in_photograph, fact.photograph, queue="find", key=f"find:{fact.photograph}")


@on(PhotographMoved)
def a_look_for_the_other_patient(fact: PhotographMoved) -> None:
    """What is read in it is compared with another patient now. The key counts the moves, for a photo may come back."""
    moves = Tombstone.objects.filter(photograph=fact.photograph).count()
    enqueue(find_in_photograph, fact.photograph, queue="find", key=f"find:{fact.photograph}:moved:{moves}")


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
