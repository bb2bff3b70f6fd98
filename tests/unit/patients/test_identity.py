import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.patients import an_identity

from safelight.kernel.actor import NOBODY, OPERATOR, WORKER, Actor, ActorKind, Role
from safelight.patients import rules
from safelight.patients.identity import Identity
from safelight.patients.rules import Fault, faults

TODAY = date(2026, 11, 24)
ID = OPERATOR.id


def wrong(**changes) -> list[Fault]:
    return faults(an_identity(**changes), today=TODAY, synthetic_allowed=True)


class TestAnIdentity:
    def test_shows_nothing_of_itself(self):
        assert repr(an_identity()) == str(an_identity()) == f"{an_identity()}" == "<Identity>"

    @given(
        st.builds(
            Identity,
            family=st.text(max_size=80),
            given=st.text(max_size=80),
            born=st.none() | st.dates(),
            nhs_number=st.none() | st.text("0123456789", min_size=10, max_size=10),
            hospital_number=st.none() | st.text(max_size=32),
            address=st.text(max_size=200),
        )
    )
    def test_comes_back_from_its_canonical_form(self, who):
        assert Identity.read(who.canonical()) == who

    def test_is_canonical_json(self):
        raw = an_identity().canonical()
        assert raw == json.dumps(json.loads(raw), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    def test_is_named_as_on_a_wristband(self):
        assert an_identity("O'Brien", "Ann").name == "O'BRIEN, Ann"
        assert an_identity("Unknown", "").name == "UNKNOWN"


class TestTheRules:
    def test_find_nothing_wrong_with_one_number_or_both(self):
        assert wrong() == wrong(nhs_number=None) == wrong(hospital_number=None) == wrong(born=None) == []

    @pytest.mark.parametrize(
        ("changes", "fault"),
        [
            ({"family": " "}, Fault.NO_FAMILY_NAME),
            ({"family": "A" * 81}, Fault.TOO_LONG),
            ({"given": "A" * 81}, Fault.TOO_LONG),
            ({"address": "A" * 201}, Fault.TOO_LONG),
            ({"born": date(2026, 11, 25)}, Fault.BORN_LATER),
            ({"born": date(1889, 12, 31)}, Fault.BORN_TOO_LONG_AGO),
            ({"nhs_number": "9990000019"}, Fault.WRONG_CHECK_DIGIT),
            ({"nhs_number": "0101010028"}, Fault.OTHER_NATION),
            ({"hospital_number": "rj1 8"}, Fault.NOT_A_HOSPITAL_NUMBER),
            ({"nhs_number": None, "hospital_number": None}, Fault.NO_NUMBER),
        ],
    )
    def test_name_the_fault_and_its_box(self, changes, fault):
        assert wrong(**changes) == [fault]
        assert fault.says
        assert fault.field in {"family", "born", "nhs_number", "hospital_number"}

    def test_refuse_synthetic_numbers_where_they_are_not_allowed(self):
        assert faults(an_identity(), today=TODAY, synthetic_allowed=False) == [Fault.TEST_NUMBER]

    def test_take_a_newborn_and_the_oldest(self):
        assert wrong(born=TODAY) == wrong(born=date(1890, 1, 1)) == []

    def test_name_every_fault(self):
        assert set(wrong(family="", nhs_number="1", born=date(2030, 1, 1))) == {
            Fault.NO_FAMILY_NAME,
            Fault.WRONG_CHECK_DIGIT,
            Fault.BORN_LATER,
        }


def staff(*roles: Role) -> Actor:
    return Actor(kind=ActorKind.STAFF, id=ID, roles=frozenset(roles))


STATION = Actor(kind=ActorKind.STATION, id=ID, roles=frozenset({Role.CLINICIAN}))


class TestWhoDoesWhat:
    @pytest.mark.parametrize(
        ("actor", "finds", "adds", "brings"),
        [
            (staff(Role.CLINICIAN), True, True, False),
            (staff(Role.PHOTOGRAPHER), True, True, False),
            (staff(Role.ADMINISTRATOR), False, True, True),
            (staff(Role.IG_LEAD), False, False, False),
            (staff(), False, False, False),
            (WORKER, False, True, True),
            (OPERATOR, False, True, True),
            (NOBODY, False, False, False),
            (STATION, False, False, False),
        ],
    )
    def test_follows_the_account(self, actor, finds, adds, brings):
        assert (rules.finds_patients(actor), rules.adds_patients(actor), rules.brings_in_lists(actor)) == (finds, adds, brings)

    def test_a_station_and_a_stranger_know_of_nobody(self):
        assert not rules.knows_of_patients(STATION)
        assert not rules.knows_of_patients(NOBODY)
        assert rules.knows_of_patients(staff())
