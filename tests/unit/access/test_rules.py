from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.access import rules
from safelight.access.rules import Reason, Verdict
from safelight.kernel.actor import NOBODY, OPERATOR, WORKER, Actor, ActorKind, Role
from safelight.patients.models import Patient

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def staff(*roles: Role, wards=("BURNS2",)) -> Actor:
    return Actor(kind=ActorKind.STAFF, id=UUID(int=7), roles=frozenset(roles), wards=frozenset(wards))


def patient(ward: str) -> Patient:
    return Patient(id=UUID(int=9), ward=ward)


@pytest.mark.requirement("I2")
class TestOwnWard:
    @pytest.mark.parametrize("role", [Role.CLINICIAN, Role.PHOTOGRAPHER])
    def test_is_for_those_who_treat_there(self, role):
        assert rules.own_ward(staff(role), patient("BURNS2"))
        assert not rules.own_ward(staff(role), patient("ED"))

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.IG_LEAD])
    def test_is_not_for_a_role_that_does_not_treat(self, role):
        assert not rules.own_ward(staff(role), patient("BURNS2"))

    @pytest.mark.parametrize("ward", ["", "burns2", "BURNS", "BURNS22", " BURNS2"])
    def test_is_exact_and_no_ward_is_nobodys(self, ward):
        assert not rules.own_ward(staff(Role.CLINICIAN, wards=("BURNS2",)), patient(ward))

    def test_of_a_patient_on_no_ward_is_nobody_even_with_an_empty_code(self):
        assert not rules.own_ward(staff(Role.CLINICIAN, wards=("",)), patient(""))

    @pytest.mark.parametrize("actor", [WORKER, OPERATOR, NOBODY])
    def test_is_for_people_only(self, actor):
        assert not rules.own_ward(actor, patient("BURNS2"))

    def test_is_not_for_a_station_that_claims_roles(self):
        claims = Actor(kind=ActorKind.STATION, id=UUID(int=7), roles=frozenset(Role), wards=frozenset({"BURNS2"}))
        assert not rules.own_ward(claims, patient("BURNS2"))
        assert not rules.may_give_a_reason(claims)
        assert not rules.reviews(claims)


@pytest.mark.parametrize(
    ("actor", "gives", "reviews"),
    [
        (staff(Role.CLINICIAN), True, False),
        (staff(Role.PHOTOGRAPHER), True, False),
        (staff(Role.IG_LEAD), True, True),
        (staff(Role.ADMINISTRATOR), False, False),
        (staff(), False, False),
        (WORKER, False, False),
        (OPERATOR, False, False),
        (NOBODY, False, False),
    ],
)
def test_who_opens_by_a_reason_and_who_reviews(actor, gives, reviews):
    assert (rules.may_give_a_reason(actor), rules.reviews(actor)) == (gives, reviews)


class TestTooOften:
    def test_is_the_fourth_within_seven_days(self):
        times = [NINE + timedelta(days=day) for day in (0, 1, 2, 3)]
        assert [rules.too_often(times, at=at) for at in times] == [False, False, False, True]

    def test_ends_when_the_first_is_seven_days_ago(self):
        times = [NINE, NINE + timedelta(days=1), NINE + timedelta(days=2)]
        last = NINE + timedelta(days=7)
        assert not rules.too_often([*times, last], at=last)
        assert rules.too_often([*times, last - timedelta(seconds=1)], at=last - timedelta(seconds=1))

    @given(st.lists(st.integers(0, 1000), max_size=3), st.integers(0, 1000))
    def test_is_never_three_or_fewer(self, hours, at):
        times = [NINE + timedelta(hours=hour) for hour in hours]
        assert not rules.too_often(times, at=NINE + timedelta(hours=at))


@pytest.mark.parametrize("word", [*Reason, *Verdict])
def test_every_code_has_words(word):
    assert word.words
