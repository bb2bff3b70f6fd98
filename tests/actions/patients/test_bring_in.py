"""Bringing in a list: good rows, bad rows, the same list again, and two patients who never share a number."""

import json
from datetime import date
from uuid import uuid4

import pytest
from tests.factories.patients import make_patient, synthetic_number
from tests.factories.staff import actor_of, make_person

from safelight.audit.models import Entry
from safelight.kernel import clock
from safelight.kernel.actor import NOBODY, OPERATOR, WORKER, Role
from safelight.patients import arriving, lists, queries
from safelight.patients.actions.bring_in_patients import BroughtIn, bring_in_patients
from safelight.patients.actions.merge_patients import merge_patients
from safelight.patients.errors import NotForYou
from safelight.patients.models import Patient
from safelight.vault import upkeep

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)
HEAD = "family,given,born,nhs_number,hospital_number,ward,address\n"
ONE, TWO = "9990000018", "9990000026"


@pytest.fixture(autouse=True)
def _keys() -> None:
    upkeep.make_keys()


def prepare(text: str) -> arriving.Arrivals:
    listed = lists.read((HEAD + text).encode(), today=TODAY, synthetic_allowed=True)
    assert listed.wrong == ()
    return arriving.prepare(OPERATOR, listed.lines, new_ids=tuple(uuid4() for _ in listed.lines), today=TODAY)


def keep(arrivals: arriving.Arrivals, by=OPERATOR) -> BroughtIn:
    return bring_in_patients(by=by, arrivals=arrivals, now=clock.now())


def who(number: str):
    return queries.identity(OPERATOR, queries.by_number(OPERATOR, number))


class TestAList:
    def test_adds_patients(self):
        done = keep(prepare(f"SAMPLE,Test,1970-01-31,{ONE},H1,BURNS2,1 Lamp Street\nO'BRIEN,,,,H2,,\n"))
        assert done == BroughtIn(added=2, changed=0, unchanged=0, forestalled=())
        assert (who(ONE).family, who(ONE).born, who("H1").address) == ("SAMPLE", date(1970, 1, 31), "1 Lamp Street")
        assert queries.patient(OPERATOR, queries.by_number(OPERATOR, "H1")).ward == "BURNS2"

    def test_brought_in_again_changes_nothing(self):
        text = f"SAMPLE,Test,1970-01-31,{ONE},H1,BURNS2,1 Lamp Street\nOTHER,,,,H2,,\n"
        keep(prepare(text))
        before = list(Patient.objects.order_by("pk").values())
        assert keep(prepare(text)) == BroughtIn(added=0, changed=0, unchanged=2, forestalled=())
        assert list(Patient.objects.order_by("pk").values()) == before

    def test_changes_who_has_its_number_and_leaves_what_it_does_not_say(self):
        patient = make_patient(nhs_number=ONE, hospital_number="H1", born=date(1970, 1, 1), address="Old Street")
        assert keep(prepare(f"EXAMPLE,,,{ONE},,ED,\n")).changed == 1
        now_is = who(ONE)
        assert (now_is.family, now_is.given, now_is.born, now_is.hospital_number, now_is.address) == (
            "EXAMPLE",
            "Test",
            date(1970, 1, 1),
            "H1",
            "Old Street",
        )
        row = queries.patient(OPERATOR, patient.pk)
        assert (row.ward, row.temporary) == ("ED", False)

    def test_gives_a_patient_the_number_that_was_missing(self):
        patient = make_patient(nhs_number=None, hospital_number="H1", temporary=True)
        assert keep(prepare(f"SAMPLE,Test,,{ONE},H1,,\n")).changed == 1
        assert queries.by_number(OPERATOR, ONE) == patient.pk
        assert Patient.objects.get().temporary is False

    def test_never_makes_one_of_two_patients(self):
        make_patient(nhs_number=ONE, hospital_number="H1")
        make_patient("OTHER", nhs_number=TWO, hospital_number="H2")
        arrivals = prepare(f"SAMPLE,,,{ONE},H2,,\n")
        assert arrivals.ready == ()
        assert "belong to two patients" in arrivals.wrong[0].says

    def test_never_gives_a_patient_another_nhs_number(self):
        make_patient(nhs_number=ONE, hospital_number="H1")
        arrivals = prepare(f"SAMPLE,,,{TWO},H1,,\n")
        assert arrivals.ready == ()
        assert "another NHS number" in arrivals.wrong[0].says

    def test_leaves_a_merged_patient_alone(self):
        one, other = make_patient(nhs_number=ONE, hospital_number="H1"), make_patient("OTHER", nhs_number=TWO, hospital_number="H2")
        merge_patients(by=actor_of(make_person()), patient_id=one.pk, into_id=other.pk, now=clock.now())
        arrivals = prepare(f"CHANGED,,,{ONE},,,\n")
        assert arrivals.ready == ()
        assert "merged into another" in arrivals.wrong[0].says

    def test_states_whom_it_added_and_changed_without_a_name(self):
        patient = make_patient(nhs_number=ONE)
        keep(prepare(f"EXAMPLE,,,{ONE},,,\nSAMPLE,,,{TWO},,,\n"))
        body = bytes(Entry.objects.latest("seq").body)
        (fact,) = json.loads(body)["facts"]
        assert fact["changed"] == [str(patient.pk)]
        assert len(fact["added"]) == 1
        assert b"EXAMPLE" not in body
        assert ONE.encode() not in body

    def test_of_many_rows_is_kept_at_once(self):
        rows = "".join(f"A{number},B,1970-01-01,{synthetic_number(number)},H{number},BURNS2,Street\n" for number in range(1, 301))
        assert keep(prepare(rows)).added == 300
        assert len(set(Patient.objects.values_list("revision", flat=True))) == 300

    def test_that_is_empty_is_an_entry(self):
        assert keep(prepare("")) == BroughtIn(0, 0, 0, ())
        assert Entry.objects.latest("seq").action == "patients.bring_in_patients"


class TestARowThatSomebodyForestalled:
    def test_adds_nobody_whose_number_was_entered_meanwhile(self):
        arrivals = prepare(f"SAMPLE,,,{ONE},,,\nOTHER,,,{TWO},,,\n")
        make_patient(nhs_number=ONE)
        assert keep(arrivals) == BroughtIn(added=1, changed=0, unchanged=0, forestalled=(2,))

    def test_changes_nobody_who_was_changed_meanwhile(self):
        make_patient(nhs_number=ONE)
        arrivals, late = prepare(f"FIRST,,,{ONE},,,\n"), prepare(f"SECOND,,,{ONE},,,\n")
        assert keep(arrivals).changed == 1
        assert keep(late) == BroughtIn(added=0, changed=0, unchanged=0, forestalled=(2,))
        assert who(ONE).family == "FIRST"

    def test_kept_twice_adds_once(self):
        arrivals = prepare(f"SAMPLE,,,{ONE},,,\n")
        keep(arrivals)
        assert keep(arrivals).forestalled == (2,)
        assert Patient.objects.count() == 1


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.PHOTOGRAPHER, Role.IG_LEAD])
def test_nobody_moves_patients_to_their_own_ward_by_a_list(role):
    with pytest.raises(NotForYou):
        keep(prepare(f"SAMPLE,,,{ONE},,BURNS2,\n"), actor_of(make_person("some", roles=[role])))
    with pytest.raises(NotForYou):
        keep(prepare(""), NOBODY)


def test_an_administrator_and_the_computer_bring_in_lists():
    assert keep(prepare(f"SAMPLE,,,{ONE},,,\n"), actor_of(make_person("adm", roles=[Role.ADMINISTRATOR]))).added == 1
    assert keep(prepare(f"SAMPLE,,,{TWO},,,\n"), WORKER).added == 1
