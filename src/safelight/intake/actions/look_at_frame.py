from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.intake import queries, tray
from safelight.intake.facts import TrayOpened
from safelight.intake.lifecycle import Whereabouts
from safelight.intake.models import TrayPermit
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.vault.models import Rendition


@action
def look_at_frame(*, by: Actor, frame_id: UUID, now: datetime, new_id: UUID) -> TrayPermit:
    """Show one frame of the tray in its larger size: an entry and a permit of its own."""
    row = queries.sorting(by, frame_id)
    tray.require_sorter(by, row.read_in_id)
    if row.state not in {Whereabouts.TRAY, Whereabouts.SET_ASIDE}:
        raise NotFound(frame_id)
    permit = TrayPermit.objects.create(
        id=new_id, sign_in=by.sign_in, frames=[str(frame_id)], rendition=Rendition.PREVIEW, until=now + tray.PERMIT_GOOD_FOR
    )
    state(TrayOpened(permit=new_id, read_in=row.read_in_id, frames=(frame_id,), rendition=permit.rendition, until=permit.until))
    return permit
