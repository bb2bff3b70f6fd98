"""What happens to notices, their channels and the urgent clock, as the ledger keeps it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ClockStarted(Fact):
    """The steps of an urgent question are fixed. `seconds` says how long each waits for the one before."""

    opinion: UUID
    patient: UUID
    turn: int
    seconds: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class StepSet(Fact):
    """A step of the urgent clock is due at a time."""

    opinion: UUID
    patient: UUID
    step: UUID
    since: datetime
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class StepTaken(Fact):
    opinion: UUID
    patient: UUID
    step: UUID
    people: tuple[UUID, ...]
    team: UUID | None


@dataclass(frozen=True, kw_only=True)
class ClockStopped(Fact):
    opinion: UUID
    patient: UUID
    steps: int


@dataclass(frozen=True, kw_only=True)
class NoticesPromised(Fact):
    """Somebody is to be told. `notices` are those that travel; those on a screen are there already."""

    opinion: UUID
    patient: UUID
    says: str
    notices: tuple[UUID, ...]
    screens: int


@dataclass(frozen=True, kw_only=True)
class NoticeSent(Fact):
    opinion: UUID
    patient: UUID
    notice: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class NoticeNotSent(Fact):
    """A try failed. `again_at` is None where it is not tried again."""

    opinion: UUID
    patient: UUID
    notice: UUID
    kind: str
    why: str
    tries: int
    at: datetime
    again_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class ChannelAdded(Fact):
    channel: UUID
    kind: str
    person: UUID | None
    team: UUID | None


@dataclass(frozen=True, kw_only=True)
class ChannelTested(Fact):
    """`why` is empty where it took the test."""

    channel: UUID
    kind: str
    why: str


@dataclass(frozen=True, kw_only=True)
class ChannelRemoved(Fact):
    channel: UUID
    kind: str
