from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.intake import tray
from safelight.intake.errors import NothingChosen, SomebodyWasFirst
from safelight.intake.facts import FramesPutBack
from safelight.intake.lifecycle import SORTING, SortingMove, Whereabouts
from safelight.kernel.actor import Actor
from safelight.kernel.lifecycle import NotPossibleNow


@action
def put_back(*, by: Actor, import_id: UUID, frames: tuple[UUID, ...], now: datetime) -> None:
    """Put frames that were set aside back into the tray, with the reason they waited for before."""
    tray.require_sorter(by, import_id)
    if not frames:
        raise NothingChosen(import_id)
    rows = {row.frame_id: row for row in tray.waiting(by, import_id, state=Whereabouts.SET_ASIDE)}
    if not rows.keys() >= set(frames):
        raise SomebodyWasFirst(import_id)
    for frame in frames:
        try:
            move(rows[frame], SORTING, SortingMove.PUT_BACK, by=by, at=now, aside="", placed_at=now, placed_by=by.id)
        except NotPossibleNow:
            raise SomebodyWasFirst(frame) from None
    state(FramesPutBack(read_in=import_id, frames=frames))
