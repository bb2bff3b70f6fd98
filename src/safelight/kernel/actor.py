"""Who acts: a person signed in, a station, the worker or an operator at the command line."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person's account is for. A role alone never opens a patient (Caldicott: strict need to know)."""

    CLINICIAN = "clinician"
    PHOTOGRAPHER = "photographer"
    SENIOR = "senior"
    IG_LEAD = "ig_lead"
    ADMINISTRATOR = "administrator"


class ActorKind(StrEnum):
    STAFF = "staff"
    STATION = "station"
    WORKER = "worker"
    OPERATOR = "operator"
    GUEST = "guest"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One who acts, as the ledger names them: by pseudonym, never by name.

    `sign_in` is a digest of the web session (empty outside the staff door), `aal` the authenticator
    assurance level of NIST SP 800-63B (0 none, 1 one factor, 2 two factors or a verified passkey),
    `proved_at` when a factor was last shown, `wards` the codes of the wards a person works on.
    """

    kind: ActorKind
    id: UUID
    roles: frozenset[Role] = frozenset()
    wards: frozenset[str] = frozenset()
    sign_in: str = ""
    aal: int = 0
    proved_at: datetime | None = None
    request: str = ""
    device: str = ""

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds at least one of the roles."""
        return not self.roles.isdisjoint(roles)

    def proved_within(self, limit: timedelta, *, now: datetime) -> bool:
        """Whether a factor was shown no longer than `limit` ago ("fresh proof", ASVS 7.5.3)."""
        return self.proved_at is not None and timedelta(0) <= now - self.proved_at <= limit


WORKER = Actor(kind=ActorKind.WORKER, id=UUID(int=1))
OPERATOR = Actor(kind=ActorKind.OPERATOR, id=UUID(int=2))
NOBODY = Actor(kind=ActorKind.NOBODY, id=UUID(int=0))
