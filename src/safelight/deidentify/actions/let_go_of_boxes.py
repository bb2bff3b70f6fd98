from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.deidentify import queries
from safelight.deidentify.facts import BoxesLetGo
from safelight.deidentify.models import SetAside
from safelight.kernel.actor import Actor


@action
def let_go_of_boxes(*, by: Actor, photograph_id: UUID, now: datetime) -> None:
    """A person has chosen whose boxes stay: what was kept for them alone is not needed any more. The draft stays as it is."""
    [photograph] = queries.locked(by, [photograph_id])
    access.require(by, photograph.patient_id, now=now)
    SetAside.objects.filter(photograph=photograph, person=by.id).delete()
    state(BoxesLetGo(photograph=photograph.pk, patient=photograph.patient_id))
