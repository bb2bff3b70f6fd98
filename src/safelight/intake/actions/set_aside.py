from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.intake import tray
from safelight.intake.errors import MayBeEvidence, NothingChosen, SomebodyWasFirst
from safelight.intake.facts import FramesSetAside
from safelight.intake.lifecycle import SORTING, SortingMove
from safelight.intake.reasons import NotAPatient
from safelight.kernel.actor import Actor
from safelight.kernel.lifecycle import NotPossibleNow


@action
def set_aside(*, by: Actor, import_id: UUID, frames: tuple[UUID, ...], why: NotAPatient, now: datetime) -> None:
    """Set frames aside that show no patient. They are kept, encrypted, and can be put back.

    1. The actor may sort this card.
    2. Of what may be evidence nothing is set aside, poor photos neither (D5).
    3. All of them, or none: each still waits.
    """
    card_import = tray.require_sorter(by, import_id)  # (1)
    if not frames:
        raise NothingChosen(import_id)
    rows = {row.frame_id: row for row in tray.waiting(by, import_id)}
    if not rows.keys() >= set(frames):
        raise SomebodyWasFirst(import_id)
    if tray.may_be_evidence(by, card_import, (rows[frame] for frame in frames)):  # (2)
        raise MayBeEvidence(import_id)
    for frame in frames:  # (3)
        try:
            move(rows[frame], SORTING, SortingMove.SET_ASIDE, by=by, at=now, aside=why.value, placed_at=now, placed_by=by.id)
        except NotPossibleNow:
            raise SomebodyWasFirst(frame) from None
    state(FramesSetAside(read_in=import_id, frames=frames, why=why.value))
