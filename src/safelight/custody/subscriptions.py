"""What custody does about its own facts."""

from safelight.audit.listeners import on
from safelight.custody.facts import ErasureConfirmed, FrameReceived
from safelight.custody.tasks import check_frame
from safelight.custody.watch import unlock_after_import
from safelight.outbox.flows import enqueue


@on(FrameReceived)
def read_back_is_owed(fact: FrameReceived) -> None:
    """Frame and work commit together, or not at all. A frame received anew is read back anew: the key names its object.

    Where the door has read the copy back already, nothing is owed.
    """
    if fact.read_back:
        return
    enqueue(check_frame, fact.frame, queue="frames", key=f"check:{fact.stored}")


@on(ErasureConfirmed)
def its_camera_may_be_ready(fact: ErasureConfirmed) -> None:
    """Look at once; a second certificate of one import is seen by the look of the next minute."""
    enqueue(unlock_after_import, fact.read_in, queue="frames", key=f"unlock:{fact.read_in}")
