from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody.facts import CameraOverdue
from safelight.custody.models import CheckOut
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def tell_overdue(*, by: Actor, check_out_id: UUID, now: datetime) -> None:  # noqa: ARG001 - the ledger takes both
    """Raise the alert that a camera did not come home in time, once for each time it is out (A2)."""
    late = CheckOut.objects.filter(pk=check_out_id, back_at=None, due_at__lt=now, overdue_told_at=None)
    out = late.first()
    if out is None or not late.update(overdue_told_at=now):
        raise NotFound(check_out_id)
    state(CameraOverdue(camera=out.camera_id, check_out=check_out_id))
