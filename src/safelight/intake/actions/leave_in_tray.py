from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.intake import queries
from safelight.intake.facts import FrameLeftInTray
from safelight.intake.lifecycle import SORTING, SortingMove
from safelight.intake.reasons import Why
from safelight.kernel.actor import Actor


@action
def leave_in_tray(*, by: Actor, frame_id: UUID, why: Why, behind: UUID | None, now: datetime) -> None:
    """Leave a frame in the tray, encrypted, with its reason. `behind` is the visit of the slate before it: for a person to see."""
    sorting = queries.sorting(by, frame_id)
    move(sorting, SORTING, SortingMove.LEAVE, by=by, at=now, why=why.value, behind_id=behind, placed_at=now, placed_by=by.id)
    state(FrameLeftInTray(frame=frame_id, read_in=sorting.read_in_id, why=why.value))
