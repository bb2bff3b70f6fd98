"""What the record does about custody's facts."""

from safelight.audit.listeners import on
from safelight.custody.facts import FrameReadBack
from safelight.kernel.actor import WORKER
from safelight.outbox.flows import enqueue
from safelight.photographs import queries
from safelight.photographs.tasks import renew_record_copy


@on(FrameReadBack)
def a_new_copy_is_whole(fact: FrameReadBack) -> None:
    """A photo that was filed before its copy broke takes the one that came from the card anew. The key names the copy."""
    if not fact.whole or fact.first:
        return
    photograph = queries.with_an_older_copy(WORKER, fact.frame)
    if photograph is not None:
        enqueue(renew_record_copy, fact.frame, queue="frames", key=f"renew:{photograph.frame.stored_id}")
