"""A photo's bytes on their way in: kept, read back from the medium, and compared with what the station announced.

1. One hash proves both ways, from the card to here and from here to the medium: what is read back opens under its own key, so it is what
   came, and has the announced digest, so it is what the station read before. What opens and has another digest came wrong: it is thrown
   away and the station reads again. What does not open is the store's doing: damaged.
2. Where the last reading back in this process had no answer, the bytes are hashed as they come as well: then a photo whose reading back has
   no answer either is received on that hash, and the worker owes it.
3. No photo is received on nothing but its announcement: what was not hashed as it came and cannot be read back now is thrown away, and
   the station tries later.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from threading import Event

from safelight.custody.errors import OtherBytes
from safelight.custody.models import Frame
from safelight.custody.rules import ReadBack, came_as_announced
from safelight.custody.tasks import read_back_kept
from safelight.kernel.digest import Digest
from safelight.kernel.errors import SafelightError, Unavailable
from safelight.vault import chosen, objects
from safelight.vault.kept import TRAY, Kept
from safelight.vault.models import Rendition

_unanswered = Event()  # (2)


@dataclass(frozen=True, slots=True)
class Arrived:
    """A copy in the store that has no row yet, and what reading it back has found; None where that is owed."""

    kept: Kept
    read_back: ReadBack | None


def take(frame: Frame, body: Iterable[bytes | memoryview], *, length: int, limit: int) -> Arrived:
    """Keep a frame's bytes, of which `length` were promised, and read them back.

    Raises OtherBytes, TooLarge, StoreFull, StoreAway, KeysAway: then nothing is kept.
    """
    announced = None if _unanswered.is_set() else Digest(frame.digest)
    kept = objects.keep(body, rendition=Rendition.RECORD, holder=TRAY, limit=limit, announced=announced)
    try:
        if kept.size != length:  # the sender went away: there is nothing to read back
            raise OtherBytes(frame.pk)
        found = _read_back(kept)
        if not came_as_announced(kept, found, digest=frame.digest):
            raise OtherBytes(frame.pk)
    except SafelightError:
        drop(kept)
        raise
    return Arrived(kept, found)


def drop(kept: Kept) -> None:
    """Throw a copy away that gets no row."""
    chosen.store().purge(kept.name)


def _read_back(kept: Kept) -> ReadBack | None:
    try:
        found = read_back_kept(kept)
    except Unavailable:
        _unanswered.set()
        if not kept.hashed:  # (3)
            raise
        return None
    _unanswered.clear()
    return found
