"""Work that custody has promised."""

from uuid import UUID

from safelight.custody import queries, rules
from safelight.custody.actions.read_back_frame import read_back_frame
from safelight.custody.models import Frame
from safelight.custody.rules import ReadBack
from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.kernel.digest import Digest
from safelight.kernel.errors import Damage
from safelight.outbox.flows import flow, step
from safelight.vault import objects
from safelight.vault.errors import Shredded
from safelight.vault.kept import Kept
from safelight.vault.models import StoredObject


@flow
def check_frame(frame_id: str) -> None:
    """A frame is read back from the vault."""
    read_back(frame_id)


@step(tries=8)
def read_back(frame_id: str) -> None:
    frame = queries.frame(WORKER, UUID(frame_id))
    if rules.waits_for_read_back(frame):  # the station's question may have been first
        check_copy(frame)


def check_copy(frame: Frame) -> bool:
    """Read a frame's stored copy back from the medium and record what was found. Slow before its action, not inside it."""
    if frame.stored is None:
        return False
    found = whole_digest(frame)
    return read_back_frame(by=WORKER, frame_id=frame.pk, object_id=frame.stored.pk, found=found, now=clock.now())


def whole_digest(frame: Frame) -> Digest | None:
    """The digest of the stored copy, None where it cannot be read as what was kept: damaged, missing or disposed of."""
    return None if frame.stored is None else _digest(frame.stored)


def read_back_kept(kept: Kept) -> ReadBack:
    """Read a copy back that has no row yet, from the medium. Raises StoreAway, KeysAway."""
    return ReadBack(_digest(StoredObject.from_kept(kept, at=clock.now())))


def _digest(stored: StoredObject) -> Digest | None:
    try:
        return objects.read_back(stored)
    except (Damage, Shredded):
        return None
