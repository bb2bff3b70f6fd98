from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.intake import tray
from safelight.intake.facts import TrayOpened
from safelight.intake.lifecycle import Whereabouts
from safelight.intake.models import TrayPermit
from safelight.kernel.actor import Actor
from safelight.vault.models import Rendition


@action
def look_into_tray(*, by: Actor, import_id: UUID, now: datetime, new_id: UUID) -> TrayPermit:
    """Show what waits of a card: one entry lists the frames, one permit covers their thumbnails for a minute in this sign-in.

    1. Who held the camera, photographers and the IG lead look.
    2. What was set aside is shown as well: it can be put back.
    """
    tray.require_sorter(by, import_id)  # (1)
    states = (Whereabouts.TRAY, Whereabouts.SET_ASIDE)  # (2)
    frames = tuple(row.frame_id for which in states for row in tray.waiting(by, import_id, state=which))
    TrayPermit.objects.filter(sign_in=by.sign_in, until__lte=now).delete()
    permit = TrayPermit.objects.create(
        id=new_id,
        sign_in=by.sign_in,
        frames=[str(frame) for frame in frames],
        rendition=Rendition.THUMB,
        until=now + tray.PERMIT_GOOD_FOR,
    )
    state(TrayOpened(permit=new_id, read_in=import_id, frames=frames, rendition=permit.rendition, until=permit.until))
    return permit
