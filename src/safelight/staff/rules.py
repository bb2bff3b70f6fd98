"""Whether a sign-in still stands, and who may look after people and teams. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from safelight.kernel.actor import Actor, ActorKind, Role
from safelight.staff.models import Agreement, Person, SignIn, Team

# NHS e-RS and NIST SP 800-63B-4 section 2.2.3: idle 10 minutes; a working shift at most.
IDLE_END = timedelta(minutes=10)
END = timedelta(hours=8)
FRESH = timedelta(minutes=5)
LONGEST_SHIFT = timedelta(days=7)
AGREED_FOR = timedelta(hours=4)


class Standing(StrEnum):
    OPEN = "open"
    LOCKED = "locked"
    IDLE_TOO_LONG = "idle_too_long"
    OVER = "over"
    ENDED = "ended"


def standing(sign_in: SignIn, *, lock_after: timedelta, now: datetime) -> Standing:
    """How a sign-in stands. A clock that was turned back ends it rather than lets it live on."""
    idle = now - sign_in.seen_at
    if sign_in.ended_at is not None or not sign_in.person.is_active:
        return Standing.ENDED
    if not timedelta(minutes=-1) <= now - sign_in.started_at < END:
        return Standing.OVER
    if idle >= IDLE_END:
        return Standing.IDLE_TOO_LONG
    return Standing.LOCKED if sign_in.locked_at is not None or idle >= lock_after else Standing.OPEN


def may_look_after_people(actor: Actor) -> bool:
    """Whether the actor may invite, change and deactivate people and wards."""
    return actor.kind is ActorKind.OPERATOR or (actor.kind is ActorKind.STAFF and actor.has(Role.ADMINISTRATOR))


def proved(actor: Actor, *, now: datetime) -> bool:
    """Whether the actor has shown a factor within five minutes. An operator at the machine's own terminal has none to show."""
    return actor.kind is ActorKind.OPERATOR or actor.proved_within(FRESH, now=now)


def two_people(actor: Actor, second: UUID | None, *, about: UUID) -> bool:
    """Whether a second person signed, who is neither the actor nor the one it is about. An operator is believed alone."""
    return actor.kind is ActorKind.OPERATOR or (second is not None and second not in {actor.id, about})


def leads(actor: Actor, team: Team) -> bool:
    """Whether the actor may change a team's rota: its lead, or an administrator."""
    return may_look_after_people(actor) or (actor.kind is ActorKind.STAFF and actor.id == team.lead_id)


def may_ask_for_keys(actor: Actor) -> bool:
    """Whether the actor may ask that something is done to the keys: an administrator in person. The command line cannot ask itself."""
    return actor.kind is ActorKind.STAFF and actor.has(Role.ADMINISTRATOR)


def answers_for_keys(person: Person, *roles: Role) -> bool:
    """Whether a person works here and has one of the roles now."""
    return person.is_active and not {role.value for role in roles}.isdisjoint(person.roles)


def still_agreed(agreement: Agreement, *, now: datetime) -> bool:
    """Whether both who agreed could do so today, and it is not too long ago. A clock that was turned back ends it."""
    return (
        agreement.agreed_at <= now < agreement.until
        and agreement.asked_by_id != agreement.agreed_by_id
        and answers_for_keys(agreement.asked_by, Role.ADMINISTRATOR)
        and answers_for_keys(agreement.agreed_by, Role.ADMINISTRATOR, Role.IG_LEAD)
    )
