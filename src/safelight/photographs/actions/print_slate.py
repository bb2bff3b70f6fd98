from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.photographs import visits
from safelight.photographs.facts import SlatePrinted
from safelight.photographs.models import Slate


@action
def print_slate(*, by: Actor, visit_id: UUID, code: str, now: datetime, new_id: UUID) -> Slate:
    """Make a slate for paper: one token that stays, and so tells no camera's clock.

    1. The same holds as for a screen.
    """
    visit = visits.that_may_take(by, visit_id, now=now)  # (1)
    made = Slate.objects.create(id=new_id, visit=visit, code=code, on_paper=True, shown_at=now)
    state(SlatePrinted(visit=visit.pk, patient=visit.patient_id, slate=new_id))
    return made
