"""What happens to care relationships, as the ledger keeps it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class WristbandScanned(Fact):
    patient: UUID
    until: datetime


@dataclass(frozen=True, kw_only=True)
class VisitNoted(Fact):
    patient: UUID
    until: datetime


@dataclass(frozen=True, kw_only=True)
class GlassBroken(Fact):
    """A record was opened by a reason. `in_week` counts this person's of the last seven days, this one included."""

    patient: UUID
    relationship: UUID
    reason: str
    until: datetime
    in_week: int
    often: bool


@dataclass(frozen=True, kw_only=True)
class BreakGlassListShown(Fact):
    relationships: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class BreakGlassReviewed(Fact):
    patient: UUID
    relationship: UUID
    verdict: str
    late: bool


@dataclass(frozen=True, kw_only=True)
class LetIn(Fact):
    """Somebody who looks after a patient let somebody else see them, for an hour."""

    patient: UUID
    person: UUID
    until: datetime


@dataclass(frozen=True, kw_only=True)
class PatientNamed(Fact):
    """Somebody saw who a patient is, and nothing else of them."""

    patient: UUID
