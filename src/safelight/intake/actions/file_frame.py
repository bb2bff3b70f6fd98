from datetime import datetime

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.intake import queries
from safelight.intake.facts import FramePlaced
from safelight.intake.lifecycle import SORTING, SortingMove
from safelight.kernel.actor import Actor
from safelight.photographs.actions.file_photograph import file_photograph
from safelight.photographs.filing import Filing
from safelight.photographs.models import Photograph


@action
def file_frame(*, by: Actor, filing: Filing, now: datetime) -> Photograph:
    """File a frame under the visit of its slate.

    1. The frame is still to be placed: who comes second moves nothing.
    2. The record takes it, or refuses and all stays as it was.
    """
    sorting = queries.sorting(by, filing.frame)
    facts = {"visit_id": filing.visit, "why": "", "placed_at": now, "placed_by": by.id}
    move(sorting, SORTING, SortingMove.FILE, by=by, at=now, **facts)  # (1)
    photograph = file_photograph(by=by, filing=filing, now=now)  # (2)
    state(FramePlaced(frame=filing.frame, read_in=sorting.read_in_id, visit=filing.visit, photograph=photograph.pk))
    return photograph
