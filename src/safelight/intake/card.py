"""One card as the vault, the scans and the registers tell it. Values only; all times carry a zone and are ours unless said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from safelight.intake.reasons import Why


class Device(StrEnum):
    """What took a frame, by its own words held against the register (A1, A5)."""

    REGISTERED = "registered"
    UNKNOWN = "unknown"
    PHONE = "phone"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read from a frame. `taken` is by the camera's own clock; `camera` is known where the device is registered."""

    slates: frozenset[str] = frozenset()
    unread_symbol: bool = False
    readable: bool = True
    device: Device = Device.REGISTERED
    camera: UUID | None = None
    taken: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFrame:
    """One file of a card. Folder and number are those of DCF (CIPA DC-009), `pair` is the same for all files of one shot.

    `reading` is None while the frame is still to come or to be read, or, with `lost`, when it will never be read:
    left on the card, damaged, or the card was taken out.
    """

    frame: UUID
    pair: str
    folder: int | None
    number: int | None
    raw: bool = False
    video: bool = False
    reading: Reading | None = None
    lost: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """A camera in somebody's hands. `clock_ahead` is how far its clock was ahead of ours, to within two minutes; None: never compared."""

    check_out: UUID
    camera: UUID
    out_at: datetime
    back_at: datetime | None
    clock_ahead: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeSlate:
    """A slate that the server made. `check_out` is None where the visit was opened by somebody without a camera.

    `may_take` is whether the patient's consent to take photos stands now. `seen_by` holds the cameras whose other cards carry it.
    """

    code: str
    visit: UUID
    check_out: UUID | None
    shown_at: datetime
    on_paper: bool
    may_take: bool
    seen_by: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """All that is needed to sort one import. `outs` has the check-out of each camera that is on the card, by camera.

    `slates` are those read on the card, and those made while one of its cameras was out. `put_in` is when the card was announced:
    no frame on it is younger. Of one that was `given_up` nobody knows what else is on it, nor where its frames lay.
    """

    frames: tuple[CardFrame, ...]
    put_in: datetime
    given_up: bool = False
    outs: Mapping[UUID, Out] = field(default_factory=dict)
    slates: tuple[MadeSlate, ...] = ()


class Put(StrEnum):
    WAITING = "waiting"
    SLATE = "slate"
    FILED = "filed"
    TRAY = "tray"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a frame goes. `visit` for a frame to be filed and for a slate; `why` for the tray.

    `behind` is the visit of the nearest good slate before it: for a person to see, never to file by.
    """

    frame: UUID
    put: Put
    visit: UUID | None = None
    why: Why | None = None
    behind: UUID | None = None
