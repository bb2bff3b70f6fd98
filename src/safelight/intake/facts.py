"""What happens to frames between the vault and a record, as the ledger keeps it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class FrameScanned(Fact):
    frame: UUID
    read_in: UUID
    slates: int
    unreadable: str
    camera: UUID | None


@dataclass(frozen=True, kw_only=True)
class FrameLookedAtClosely(Fact):
    frame: UUID
    slates: int


@dataclass(frozen=True, kw_only=True)
class SlateMarked(Fact):
    frame: UUID
    read_in: UUID
    visit: UUID | None


@dataclass(frozen=True, kw_only=True)
class FramePlaced(Fact):
    frame: UUID
    read_in: UUID
    visit: UUID
    photograph: UUID


@dataclass(frozen=True, kw_only=True)
class FrameLeftInTray(Fact):
    frame: UUID
    read_in: UUID
    why: str


@dataclass(frozen=True, kw_only=True)
class CardWasSorted(Fact):
    read_in: UUID
    filed: int
    slates: int
    tray: int
    numbers_missing: int


@dataclass(frozen=True, kw_only=True)
class TrayOpened(Fact):
    permit: UUID
    read_in: UUID
    frames: tuple[UUID, ...]
    rendition: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class FramesFiledByHand(Fact):
    read_in: UUID
    patient: UUID
    visit: UUID
    frames: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class FramesSetAside(Fact):
    read_in: UUID
    frames: tuple[UUID, ...]
    why: str


@dataclass(frozen=True, kw_only=True)
class FramesPutBack(Fact):
    read_in: UUID
    frames: tuple[UUID, ...]
