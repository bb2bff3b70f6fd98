from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.custody import queries
from safelight.custody.facts import FrameReadBack
from safelight.custody.lifecycle import FRAME, FrameMove, FrameState
from safelight.custody.models import Frame
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest
from safelight.kernel.lifecycle import NotPossibleNow


@action
def read_back_frame(*, by: Actor, frame_id: UUID, object_id: UUID, found: Digest | None, now: datetime) -> bool:
    """Record what reading the stored copy back has found; None where it could not be read as what was kept.

    1. What was read is the copy that the frame has now: another may have been received meanwhile.
    2. The digest of the copy is that of the card: verified. A copy that was verified before is verified again, from now.
    3. Anything else: damaged. Its frame stays on the card.
    """
    frame = queries.frame(by, frame_id)
    if frame.stored_id != object_id:  # (1)
        raise NotPossibleNow(frame_id, object_id)
    return record_read_back(frame, by=by, found=found, now=now)


def record_read_back(frame: Frame, *, by: Actor, found: Digest | None, now: datetime, arriving: bool = False, first: bool = False) -> bool:
    """(2) and (3) for a frame that its action holds, inside that action."""
    whole = found == frame.digest
    if whole and frame.state == FrameState.RECEIVED:  # (2)
        move(frame, FRAME, FrameMove.VERIFY, by=by, at=now, verified_at=now)
    elif whole:
        Frame.objects.filter(pk=frame.pk, verified_at__isnull=False).update(verified_at=now)
    elif frame.state != FrameState.DAMAGED:  # (3)
        move(frame, FRAME, FrameMove.DAMAGE, by=by, at=now)
    state(FrameReadBack(frame=frame.pk, whole=whole, arriving=arriving, first=first))
    return whole
