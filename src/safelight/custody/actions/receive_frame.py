from datetime import datetime
from uuid import UUID

from safelight.audit import rows
from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.custody import queries, rules
from safelight.custody.actions.read_back_frame import record_read_back
from safelight.custody.errors import OtherBytes
from safelight.custody.facts import FrameReceived
from safelight.custody.lifecycle import FRAME, FrameMove
from safelight.custody.models import Frame
from safelight.custody.rules import ReadBack
from safelight.kernel.actor import WORKER, Actor
from safelight.kernel.digest import Digest
from safelight.vault.kept import Kept
from safelight.vault.models import StoredObject


@action
def receive_frame(
    *, by: Actor, import_id: UUID | None, digest: Digest, kept: Kept, now: datetime, read_back: ReadBack | None = None
) -> Frame:
    """Take a frame's bytes, which the vault holds already, into the record.

    1. The station announced this frame in this import; or, without one, told of it while it reads its card.
    2. What was kept is what was announced: hashed as it came, or read back.
    3. Row and state commit together, and with them what reading the copy back has found, or the promise to read it back.
    """
    frame = queries.frame_of(by, digest) if import_id is None else queries.frame_in(by, import_id, digest)  # (1)
    if not rules.came_as_announced(kept, read_back, digest=digest):  # (2)
        raise OtherBytes(frame.pk)
    first = frame.stored_id is None
    stored = StoredObject.from_kept(kept, at=now)  # (3)
    rows.add(stored)
    move(frame, FRAME, FrameMove.RECEIVE, by=by, at=now, received_at=now, stored=stored)
    state(FrameReceived(frame=frame.pk, read_in=import_id, digest=digest, stored=stored.pk, read_back=read_back is not None))
    if read_back is not None:
        record_read_back(frame, by=WORKER, found=read_back.found, now=now, arriving=True, first=first)
    return frame
