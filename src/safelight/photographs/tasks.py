"""Work that the record has promised."""

from uuid import UUID

from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.outbox.flows import flow, step
from safelight.photographs import queries
from safelight.photographs.actions.take_new_copy import take_new_copy
from safelight.vault import objects


@flow
def renew_record_copy(frame_id: str) -> None:
    """A photo gets the whole copy that came from the card after its own broke."""
    renew(frame_id)


@step(tries=8)
def renew(frame_id: str) -> None:
    """Prepare the key and take the copy; a run that comes second finds nothing to do."""
    photograph = queries.with_an_older_copy(WORKER, UUID(frame_id))
    if photograph is None or photograph.frame.stored is None:
        return
    rewrapped = objects.rewrap(photograph.frame.stored, holder=str(photograph.patient_id))
    take_new_copy(by=WORKER, photograph_id=photograph.pk, rewrapped=rewrapped, now=clock.now())
