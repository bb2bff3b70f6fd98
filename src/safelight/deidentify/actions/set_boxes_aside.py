from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.deidentify import queries, rules
from safelight.deidentify.errors import NotOpened, TooManyBoxes
from safelight.deidentify.facts import BoxesSetAside
from safelight.deidentify.models import SetAside
from safelight.deidentify.said import BoxSaid
from safelight.kernel.actor import Actor


@action
def set_boxes_aside(*, by: Actor, photograph_id: UUID, boxes: tuple[BoxSaid, ...], turn: int, now: datetime, new_id: UUID) -> None:
    """Keep what a person drew and decided while somebody else was quicker, until they choose whose boxes stay.

    1. The actor may see the patient, and has opened the photo as it is now.
    2. It is no draft and changes nobody's: it is shown to this person alone. Of each there is one, the newest.
    """
    [photograph] = queries.locked(by, [photograph_id])
    access.require(by, photograph.patient_id, now=now)  # (1)
    if not queries.opened(by, photograph):
        raise NotOpened(photograph_id)
    if len(boxes) > rules.MOST_BOXES:
        raise TooManyBoxes(photograph_id)
    SetAside.objects.filter(photograph=photograph, person=by.id).delete()  # (2)
    SetAside.objects.create(
        id=new_id,
        photograph=photograph,
        patient_id=photograph.patient_id,
        record_copy=photograph.record_copy,
        person=by.id,
        turn=turn % 4,
        boxes=[{"id": str(box.id), "state": box.state.value, "box": [box.box.x, box.box.y, box.box.w, box.box.h]} for box in boxes],
        at=now,
    )
    state(BoxesSetAside(photograph=photograph.pk, patient=photograph.patient_id, boxes=len(boxes)))
