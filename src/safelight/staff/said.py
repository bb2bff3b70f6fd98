"""What an administrator says of a person, a ward or a team, and a lead of a shift, as values."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from safelight.kernel.actor import Role
from safelight.staff.models import Rank


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonSaid:
    """`wards` holds codes of wards that there are."""

    name: str
    email: str = ""
    roles: frozenset[Role] = frozenset()
    wards: frozenset[str] = frozenset()
    trained_until: date | None = None

    def __repr__(self) -> str:
        return "<PersonSaid>"


@dataclass(frozen=True, slots=True, kw_only=True)
class WardSaid:
    name: str
    default_site: str = ""
    default_reason: str = ""
    lock_seconds: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamSaid:
    """`phone` is rung when a notice does not arrive; `people` belong to the team, `wards` are codes of those that ask it."""

    name: str
    phone: str
    lead: UUID | None = None
    people: frozenset[UUID] = frozenset()
    wards: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftSaid:
    person: UUID
    rank: Rank
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class NewFactor:
    """A code app (its sealed secret) or a passkey (its public credential and a name), ready to be kept.

    `step` is the time step of the code by which an app was confirmed: it is used up.
    """

    kind: str
    data: dict[str, object]
    step: int | None = None
