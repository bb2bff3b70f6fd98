"""What happens to consents, as the ledger keeps it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class ConsentRecorded(Fact):
    """`yes` and `no` hold the numbers of the purposes."""

    patient: UUID
    consent: UUID
    supersedes: UUID | None
    still_the_same: bool
    who_agreed: str
    how: str
    wording: UUID
    yes: tuple[int, ...]
    no: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ConsentLowered(Fact):
    """A yes became a no, by withdrawal or in a new consent: what rests on these purposes ends now (B6)."""

    patient: UUID
    consent: UUID
    purposes: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ConsentIsOwed(Fact):
    patient: UUID
    consent: UUID
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class ConsentSettled(Fact):
    patient: UUID
    consent: UUID
    settled_by: UUID


@dataclass(frozen=True, kw_only=True)
class WordingAdded(Fact):
    wording: UUID
    language: str
    version: int


@dataclass(frozen=True, kw_only=True)
class ConsentSeen(Fact):
    patient: UUID
    consent: UUID


@dataclass(frozen=True, kw_only=True)
class PublicationAsked(Fact):
    """Which publication it was stands in the record."""

    patient: UUID
    consent: UUID
    publication: UUID
    yes: bool
    how: str
