from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.intake import queries
from safelight.intake.facts import SlateMarked
from safelight.intake.lifecycle import SORTING, SortingMove
from safelight.kernel.actor import Actor


@action
def mark_slate(*, by: Actor, frame_id: UUID, visit_id: UUID | None, now: datetime) -> None:
    """Note that a frame shows a good slate: of a visit, or (None) the END slate. It is no photo of a patient and is not filed."""
    sorting = queries.sorting(by, frame_id)
    move(sorting, SORTING, SortingMove.MARK_SLATE, by=by, at=now, visit_id=visit_id, why="", placed_at=now, placed_by=by.id)
    state(SlateMarked(frame=frame_id, read_in=sorting.read_in_id, visit=visit_id))
