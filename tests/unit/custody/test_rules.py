"""The pure rules of cameras and cards."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.custody import rules
from safelight.custody.lifecycle import CameraMove
from safelight.custody.models import Cabinet, Camera, Card, CheckOut, LeftOver
from safelight.custody.rules import CardSaid, CardState, Decision, Readiness
from safelight.kernel.actor import Actor, ActorKind, Role

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_card(**other) -> Card:
    return Card(id=uuid4(), code="CARD-07", **other)


def somebody(*roles: Role, wards=()) -> Actor:
    return Actor(kind=ActorKind.STAFF, id=UUID(int=9), roles=frozenset(roles), wards=frozenset(wards))


class TestACardIsProvedEmpty:
    @pytest.mark.parametrize(
        ("proved", "last_out", "says"),
        [
            (None, None, False),
            (None, NINE, False),
            (NINE, None, True),
            (NINE, NINE - HOUR, True),
            (NINE, NINE, False),
            (NINE, NINE + HOUR, False),
        ],
    )
    def test_only_when_it_was_read_after_it_was_last_out(self, proved, last_out, says):
        assert rules.proved_empty(a_card(proved_empty_at=proved), last_out_at=last_out) is says


class TestACardIsHeld:
    @pytest.mark.parametrize(
        ("held", "released", "says"),
        [(None, None, False), (NINE, None, True), (NINE, NINE + HOUR, False), (NINE, NINE - HOUR, True), (NINE, NINE, False)],
    )
    def test_until_it_is_released_after_that(self, held, released, says):
        assert rules.held(a_card(held_at=held, released_at=released)) is says

    def test_when_nobody_knows_it_while_an_evidential_camera_is_out(self):
        assert rules.held_for_evidence(None, evidential_open=True)
        assert not rules.held_for_evidence(None, evidential_open=False)


class TestACamera:
    def of(self, *cards, state="in_cabinet", outs=()):
        return rules.readiness(Camera(state=state), cards=cards, last_out_at=dict(outs))

    def test_is_ready_when_every_card_that_could_be_in_it_is_proved_empty(self):
        empty, unread = a_card(proved_empty_at=NINE), a_card()
        assert self.of(empty) is Readiness.READY
        assert self.of(empty, unread) is Readiness.NOT_EMPTY
        assert self.of(empty, outs=[(empty.pk, NINE + HOUR)]) is Readiness.NOT_EMPTY

    @pytest.mark.parametrize("away", [{"lost_at": NINE}, {"retired_at": NINE}, {"held_at": NINE}])
    def test_does_not_count_cards_that_cannot_be_in_it(self, away):
        assert self.of(a_card(proved_empty_at=NINE), a_card(**away)) is Readiness.READY
        assert self.of(a_card(**away)) is Readiness.NO_CARD

    @pytest.mark.parametrize("state", ["out", "locked", "faulty", "lost", "retired"])
    def test_is_not_ready_in_any_other_state_whatever_its_card(self, state):
        assert self.of(a_card(proved_empty_at=NINE), state=state) is Readiness(state)

    @pytest.mark.parametrize(("said", "proved"), list(product(CardSaid, (True, False))))
    def test_comes_back_ready_only_when_its_card_is_proved_and_nobody_says_otherwise(self, said, proved):
        ready = proved and said is not CardSaid.HAS_PHOTOS
        assert rules.way_back(said, proved=proved) is (CameraMove.BRING_BACK if ready else CameraMove.BRING_BACK_WITH_PHOTOS)

    @pytest.mark.requirement("A3")
    @pytest.mark.parametrize(("everywhere", "here"), list(product((True, False), repeat=2)))
    def test_takes_two_signatures_where_the_site_or_the_cabinet_says_so(self, everywhere, here):
        camera = Camera(cabinet=Cabinet(two_signatures=here))
        assert rules.two_signatures(camera, everywhere=everywhere) is (everywhere or here)


class TestTheRegisterSaysOfACard:
    @pytest.mark.parametrize(
        ("card", "says"),
        [
            ({"retired_at": NINE, "lost_at": NINE}, CardState.RETIRED),
            ({"lost_at": NINE, "held_at": NINE}, CardState.LOST),
            ({"held_at": NINE, "seen_at": NINE - timedelta(days=30)}, CardState.HELD),
            ({"seen_at": NINE - timedelta(days=15), "proved_empty_at": NINE - timedelta(days=15)}, CardState.NOT_SEEN),
            ({"seen_at": NINE, "proved_empty_at": NINE}, CardState.EMPTY),
            ({"seen_at": NINE}, CardState.UNREAD),
            ({}, CardState.UNREAD),
        ],
    )
    def test_the_gravest_thing_first(self, card, says):
        assert rules.card_state(a_card(**card), last_out_at=None, now=NINE) is says


class TestWhoMay:
    @pytest.mark.parametrize("role", Role)
    def test_do_what(self, role):
        by = somebody(role)
        assert rules.may_register(by) is (role in {Role.ADMINISTRATOR, Role.PHOTOGRAPHER})
        assert rules.may_release(by) is (role in {Role.IG_LEAD, Role.PHOTOGRAPHER})
        assert rules.may_oversee(by) is (role not in {Role.CLINICIAN, Role.SENIOR})
        assert rules.may_decide(by, LeftOver(), Decision.ERASE)
        assert rules.may_decide(by, LeftOver(decision="give"), Decision.ERASE) is rules.may_release(by)
        assert rules.may_decide(by, LeftOver(), Decision.ERASE, evidence=True) is rules.may_release(by)
        assert rules.may_decide(by, LeftOver(), Decision.GIVE, evidence=True)


def test_a_camera_is_overdue_when_it_is_out_past_its_time():
    out = CheckOut(due_at=NINE)
    assert not rules.overdue(out, now=NINE)
    assert rules.overdue(out, now=NINE + HOUR)
    assert not rules.overdue(CheckOut(due_at=NINE, back_at=NINE + HOUR), now=NINE + 2 * HOUR)


@pytest.mark.requirement("A9")
class TestTimeOnACard:
    def time(self, taken, *, ahead=None, read=NINE, erased=NINE + timedelta(minutes=1)):
        return rules.time_on_card(taken=taken, clock_ahead=ahead, announced_at=read, erased_at=erased)

    def test_is_from_taking_to_erasing(self):
        assert self.time(NINE - HOUR) == timedelta(minutes=61)

    def test_is_by_the_corrected_clock(self):
        assert self.time(NINE - HOUR + timedelta(minutes=5), ahead=300) == timedelta(minutes=61)
        assert self.time(NINE - HOUR - timedelta(minutes=5), ahead=-300) == timedelta(minutes=61)

    @pytest.mark.parametrize("taken", [None, datetime(1980, 1, 1, tzinfo=UTC), NINE - timedelta(days=32), NINE + timedelta(minutes=3)])
    def test_is_not_known_where_the_cameras_time_cannot_be_right(self, taken):
        assert self.time(taken) is None

    @given(minutes=st.integers(-120, 60 * 24 * 40), ahead=st.integers(-600, 600))
    def test_is_never_less_than_nothing(self, minutes, ahead):
        found = self.time(NINE - timedelta(minutes=minutes), ahead=ahead)
        assert found is None or found >= timedelta(0)
