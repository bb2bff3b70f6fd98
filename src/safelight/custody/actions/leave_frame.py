from datetime import datetime
from uuid import UUID

from handover.reasons import Left
from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.custody import queries
from safelight.custody.facts import FrameLeft
from safelight.custody.lifecycle import FRAME, FrameMove, FrameState
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest


@action
def leave_frame(*, by: Actor, import_id: UUID, digest: Digest, why: Left, now: datetime) -> None:
    """Note that a frame stays on the card, and why. It does not hold up the others.

    1. The station announced it in this import.
    2. A frame that the vault holds whole is not left because one more reading of it failed.
    """
    frame = queries.frame_in(by, import_id, digest)  # (1)
    if frame.state == FrameState.ANNOUNCED:  # (2)
        move(frame, FRAME, FrameMove.LEAVE, by=by, at=now, left_why=why.value)
    state(FrameLeft(frame=frame.pk, read_in=import_id, why=why.value))
