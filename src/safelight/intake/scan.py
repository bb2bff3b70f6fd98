"""What scanning a frame has found, as values: from the bytes, before any row."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from safelight.photographs.pictures import Picture
from safelight.photographs.quality.hints import Hint
from safelight.vault.kept import Kept

LONGEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One frame, looked at. `preview` and `thumb` are in the store already; `camera` is the registered one that took it.

    `camera_time` is the camera's own clock as if it were UTC. `unreadable` is a pictures.Reason, empty where the frame can be shown.
    `hints` are what may be wrong with the photo.
    """

    frame: UUID
    slates: tuple[str, ...] = ()
    unread_symbol: bool = False
    closely: bool = False
    unreadable: str = ""
    make: str = ""
    model: str = ""
    serial: str = ""
    camera_time: datetime | None = None
    camera: UUID | None = None
    preview: Kept | None = None
    thumb: Kept | None = None
    width: int | None = None
    height: int | None = None
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """What the camera wrote of itself."""

    make: str = ""
    model: str = ""
    serial: str = ""
    camera_time: datetime | None = None

    @classmethod
    def of(cls, picture: Picture) -> "Words":
        note = picture.camera
        if note is None:
            return cls()
        make, model, serial = ((text or "")[:LONGEST] for text in (note.make, note.model, note.serial))
        return cls(make, model, serial, note.taken.replace(tzinfo=UTC) if note.taken else None)
