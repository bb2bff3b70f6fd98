"""What sharing does about facts below it: what may not be shown any more is taken back. Opening asks all of it again, in any case."""

from safelight.audit.listeners import on
from safelight.consent.facts import ConsentLowered
from safelight.consent.models import Purpose
from safelight.deidentify.facts import CopyRejected
from safelight.outbox.flows import enqueue
from safelight.photographs.facts import PhotographMoved
from safelight.sharing.rules import Ended
from safelight.sharing.tasks import take_back_of_patient, take_back_with_photo


@on(ConsentLowered)
def consent_was_lowered(fact: ConsentLowered) -> None:
    """The patient agrees no more that photos are shown (B6)."""
    if {Purpose.ADVICE_HERE, Purpose.ADVICE_ELSEWHERE, Purpose.TAKE_AND_KEEP}.intersection(fact.purposes):
        enqueue(take_back_of_patient, fact.patient, queue="shares", key=f"take_back:{fact.consent}:{fact.purposes}")


@on(PhotographMoved)
def a_photo_was_moved(fact: PhotographMoved) -> None:
    """It was another patient's all along (E5)."""
    enqueue(take_back_with_photo, fact.photograph, Ended.MOVED, queue="shares", key=f"take_back:{fact.photograph}:{fact.patient}")


@on(CopyRejected)
def a_photo_is_not_to_be_shared(fact: CopyRejected) -> None:
    """A person said so, whatever was approved before."""
    enqueue(take_back_with_photo, fact.photograph, Ended.NOT_TO_SHARE, queue="shares", key=f"take_back:{fact.copy}")
