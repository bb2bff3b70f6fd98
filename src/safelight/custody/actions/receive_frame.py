from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.custody import queries
from safelight.custody.errors import OtherBytes
from safelight.custody.facts import FrameReceived
from safelight.custody.lifecycle import FRAME, FrameMove
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest
from safelight.vault.kept import Kept
from safelight.vault.models import StoredObject


@action
def receive_frame(*, by: Actor, import_id: UUID, digest: Digest, kept: Kept, now: datetime) -> None:
    """Take a frame's bytes, which the vault holds already, into the record.

    1. The station announced this frame in this import.
    2. What was kept is what was announced.
    3. Row and state commit together, and with them the promise to read the copy back.
    """
    frame = queries.frame_in(by, import_id, digest)  # (1)
    if kept.digest != digest:  # (2)
        raise OtherBytes(frame.pk)
    stored = StoredObject.from_kept(kept, at=now)  # (3)
    stored.save(force_insert=True)
    move(frame, FRAME, FrameMove.RECEIVE, by=by, at=now, received_at=now, stored=stored)
    state(FrameReceived(frame=frame.pk, read_in=import_id, digest=digest, stored=stored.pk))
