"""Who has what part in an opinion, and when it is open."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from safelight.consent.models import Purpose
from safelight.kernel.actor import NOBODY, OPERATOR, WORKER, Actor, ActorKind, Role
from safelight.sharing import rules
from safelight.sharing.lifecycle import OPEN_STATES, ShareState
from safelight.sharing.models import Opinion
from safelight.sharing.rules import Part

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ASKER, LIM, TEAM, GUEST = uuid4(), uuid4(), uuid4(), uuid4()


def actor(who, kind: ActorKind = ActorKind.STAFF, *roles: Role) -> Actor:
    return Actor(kind=kind, id=who, roles=frozenset(roles))


def opinion(state: ShareState = ShareState.OFFERED, **to) -> Opinion:
    times = {"asked_at": NOON, "held_until": NOON + timedelta(seconds=30), "expires_at": NOON + timedelta(days=7)}
    return Opinion(state=state, asked_by=ASKER, **times, **to)


def test_the_person_the_team_and_the_guest_who_are_asked_have_their_part_and_nobody_else():
    for_lim, for_team, for_guest = opinion(person_id=LIM), opinion(team_id=TEAM), opinion(guest_id=GUEST)
    assert rules.part(actor(LIM), for_lim, teams=()) is Part.ASKED
    assert rules.part(actor(LIM), for_team, teams={TEAM}) is Part.ASKED
    assert rules.part(actor(LIM), for_team, teams={uuid4()}) is None
    assert rules.part(actor(LIM), for_guest, teams={TEAM}) is None
    assert rules.part(actor(ASKER), for_lim, teams=()) is Part.ASKER
    assert rules.part(actor(GUEST, ActorKind.GUEST), for_guest, teams=()) is Part.ASKED
    assert rules.part(actor(GUEST), for_guest, teams=()) is None
    for stranger in (actor(LIM, ActorKind.GUEST), WORKER, OPERATOR, NOBODY, actor(uuid4())):
        assert rules.part(stranger, for_lim, teams=()) is None


def test_who_asks_a_team_of_their_own_is_its_asker():
    assert rules.part(actor(ASKER), opinion(team_id=TEAM), teams={TEAM}) is Part.ASKER


@pytest.mark.parametrize("state", ShareState)
def test_is_open_only_in_its_states_after_its_hold_and_before_its_end(state):
    share = opinion(state, person_id=LIM)
    moments = [NOON, NOON + timedelta(seconds=30), share.expires_at - timedelta(seconds=1), share.expires_at]
    inside = state in OPEN_STATES
    assert [rules.is_open(share, now=now) for now in moments] == [False, inside, inside, False]
    assert rules.is_over(share, now=share.expires_at)
    assert rules.is_over(share, now=NOON) is not inside
    assert rules.waits_for_answer(share, now=NOON) is (state in {ShareState.OFFERED, ShareState.OPENED})


def test_staff_here_need_the_second_yes_and_elsewhere_the_third():
    assert rules.purpose_for(opinion(person_id=LIM)) is Purpose.ADVICE_HERE
    assert rules.purpose_for(opinion(guest_id=GUEST)) is Purpose.ADVICE_ELSEWHERE


@pytest.mark.parametrize("role", Role)
def test_only_who_treats_or_photographs_asks_and_only_the_ig_lead_reviews(role):
    person = actor(LIM, ActorKind.STAFF, role)
    assert rules.may_ask(person) is (role in {Role.CLINICIAN, Role.PHOTOGRAPHER})
    assert rules.reviews(person) is (role is Role.IG_LEAD)
    assert not rules.may_ask(actor(LIM, ActorKind.GUEST, role))
