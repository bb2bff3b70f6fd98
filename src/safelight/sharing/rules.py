"""Who may ask, open and answer, and for how long. Pure.

1. Clinicians and photographers ask. Those asked open: the person, whoever is of the team or on call for it, or the guest.
2. A share is open while its state says so, once its hold is over and before it expires: asked at each request, never kept.
3. Staff here need the patient's second yes, somebody elsewhere the third.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from safelight.consent.models import Purpose
from safelight.kernel.actor import Actor, ActorKind, Role
from safelight.sharing.lifecycle import OPEN_STATES, ShareState
from safelight.sharing.models.opinions import Opinion

OPEN_FOR, OPEN_AT_MOST = timedelta(days=7), timedelta(days=31)
HOLD = timedelta(seconds=30)
PROOF_FOR = timedelta(minutes=5)
GUEST_OPENINGS = 20
CALL_DUE_IN = timedelta(hours=24)
MOST_PHOTOS = 20


class Part(StrEnum):
    """What somebody has to do with an opinion."""

    ASKER = "asker"
    ASKED = "asked"


class Ended(StrEnum):
    """Why a share ended before it was answered and read."""

    ASKER = "asker"
    CONSENT = "consent"
    MOVED = "moved"
    NOT_TO_SHARE = "not_to_share"
    TIME = "time"


def may_ask(actor: Actor) -> bool:
    """Whether the actor asks colleagues."""
    return actor.kind is ActorKind.STAFF and actor.has(Role.CLINICIAN, Role.PHOTOGRAPHER)


def reviews(actor: Actor) -> bool:
    """Whether the actor looks after what emergency calls owe."""
    return actor.kind is ActorKind.STAFF and actor.has(Role.IG_LEAD)


def purpose_for(opinion: Opinion) -> Purpose:
    """What the patient must agree to for it to be opened."""
    return Purpose.ADVICE_ELSEWHERE if opinion.guest_id else Purpose.ADVICE_HERE


def part(actor: Actor, opinion: Opinion, *, teams: Collection[UUID]) -> Part | None:
    """What the actor, who is of some teams now, has to do with it; None for everybody else."""
    if actor.kind is ActorKind.GUEST:
        return Part.ASKED if opinion.guest_id == actor.id else None
    if actor.kind is not ActorKind.STAFF:
        return None
    if opinion.asked_by == actor.id:
        return Part.ASKER
    return Part.ASKED if opinion.person_id == actor.id or (opinion.team_id is not None and opinion.team_id in teams) else None


def is_open(opinion: Opinion, *, now: datetime) -> bool:
    """Whether those asked may see it at this moment, as far as time and state go."""
    return opinion.state in OPEN_STATES and opinion.held_until <= now < opinion.expires_at


def is_over(opinion: Opinion, *, now: datetime) -> bool:
    """Whether it has ended for those asked."""
    return opinion.state not in OPEN_STATES or now >= opinion.expires_at


def held(opinion: Opinion, *, now: datetime) -> bool:
    """Whether nothing of it has gone out yet."""
    return now < opinion.held_until


def waits_for_answer(opinion: Opinion, *, now: datetime) -> bool:
    """Whether somebody asked should still answer."""
    return opinion.state in {ShareState.OFFERED, ShareState.OPENED} and not is_over(opinion, now=now)


def end_unseen(opinion: Opinion) -> bool:
    """Whether it ended without an answer and without the asker, who has not seen that."""
    ended = opinion.state in {ShareState.TAKEN_BACK, ShareState.EXPIRED} and opinion.ended_why != Ended.ASKER
    return ended and opinion.answered_at is None and opinion.read_at is None


def expiry_fits(expires_at: datetime, *, now: datetime) -> bool:
    """Whether a share ends after now and within 31 days."""
    return timedelta(0) < expires_at - now <= OPEN_AT_MOST
