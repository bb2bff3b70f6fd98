from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.photographs import visits
from safelight.photographs.facts import SlateShown
from safelight.photographs.models import Slate


@action
def show_slate(*, by: Actor, visit_id: UUID, code: str, now: datetime, new_id: UUID) -> Slate:
    """Make a slate for a screen: a new token each time, so that the frame that carries it tells the camera's clock.

    1. The actor may see the patient, and take these photos.
    2. The visit is not over, and the patient still agrees.
    """
    visit = visits.that_may_take(by, visit_id, now=now)  # (1) (2)
    made = Slate.objects.create(id=new_id, visit=visit, code=code, shown_at=now)
    state(SlateShown(visit=visit.pk, patient=visit.patient_id, slate=new_id))
    return made
