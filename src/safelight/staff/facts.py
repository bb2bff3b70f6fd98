"""What happens to people, wards, teams and sign-ins, as the ledger keeps it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class SignedIn(Fact):
    person: UUID
    sign_in: UUID
    method: str


@dataclass(frozen=True, kw_only=True)
class Locked(Fact):
    sign_in: UUID
    why: str


@dataclass(frozen=True, kw_only=True)
class Unlocked(Fact):
    sign_in: UUID
    method: str


@dataclass(frozen=True, kw_only=True)
class SignInEnded(Fact):
    person: UUID
    sign_in: UUID
    why: str


@dataclass(frozen=True, kw_only=True)
class Proved(Fact):
    sign_in: UUID
    method: str


@dataclass(frozen=True, kw_only=True)
class SecondPersonProved(Fact):
    person: UUID
    method: str


@dataclass(frozen=True, kw_only=True)
class PersonInvited(Fact):
    person: UUID
    invitation: UUID
    roles: tuple[str, ...]
    wards: int
    again: bool


@dataclass(frozen=True, kw_only=True)
class PersonJoined(Fact):
    person: UUID
    invitation: UUID
    factor: str


@dataclass(frozen=True, kw_only=True)
class PersonChanged(Fact):
    person: UUID
    roles: tuple[str, ...]
    wards: int


@dataclass(frozen=True, kw_only=True)
class PersonDeactivated(Fact):
    person: UUID
    sign_ins_ended: int


@dataclass(frozen=True, kw_only=True)
class PersonReactivated(Fact):
    person: UUID


@dataclass(frozen=True, kw_only=True)
class FactorAdded(Fact):
    person: UUID
    factor: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class FactorRemoved(Fact):
    person: UUID
    factor: int
    kind: str
    second_person: UUID | None


@dataclass(frozen=True, kw_only=True)
class WardChanged(Fact):
    ward: UUID
    added: bool


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Fact):
    person: UUID


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Fact):
    team: UUID
    added: bool
    lead: UUID | None
    people: int


@dataclass(frozen=True, kw_only=True)
class ShiftChanged(Fact):
    team: UUID
    shift: UUID
    person: UUID
    rank: str
    begins: datetime
    ends: datetime
    added: bool


@dataclass(frozen=True, kw_only=True)
class ShiftsSwapped(Fact):
    team: UUID
    shift: UUID
    other: UUID


@dataclass(frozen=True, kw_only=True)
class ShiftRemoved(Fact):
    team: UUID
    shift: UUID
    person: UUID


@dataclass(frozen=True, kw_only=True)
class KeysAgreed(Fact):
    """Two people agreed that one thing is done to the keys, once."""

    agreement: UUID
    what: str
    asked_by: UUID
    agreed_by: UUID
    until: datetime


@dataclass(frozen=True, kw_only=True)
class AgreedBegun(Fact):
    """What two people agreed to was begun, or goes on after an interruption."""

    agreement: UUID
    what: str
    asked_by: UUID
    agreed_by: UUID
    again: bool


@dataclass(frozen=True, kw_only=True)
class AgreedEnded(Fact):
    """What two people agreed to was done: the agreement is used up."""

    agreement: UUID
    what: str
