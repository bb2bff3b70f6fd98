"""What people decide about work that got stuck, as the ledger keeps it."""

from dataclasses import dataclass
from uuid import UUID

from safelight.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class FlowTriedAgain(Fact):
    stuck: UUID
    flow: str
    again: str


@dataclass(frozen=True, kw_only=True)
class FlowGivenUp(Fact):
    stuck: UUID
    flow: str
