"""Two entries that are one person (E4)."""

from uuid import uuid4

import pytest
from tests.factories.access import give_access
from tests.factories.patients import an_identity, make_patient, make_patients
from tests.factories.staff import actor_of, make_person

from safelight.access import queries as access
from safelight.access.errors import NoCareRelationship, OpenedOnly
from safelight.audit.models import About, Entry
from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Role
from safelight.kernel.errors import NotFound
from safelight.patients import chosen, queries
from safelight.patients.actions.compare_patients import compare_patients
from safelight.patients.actions.merge_patients import merge_patients
from safelight.patients.actions.undo_merge import undo_merge
from safelight.patients.errors import NotForYou, NotMerged, OtherWayRound, SamePatient
from safelight.patients.models import Patient

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("E4")]


@pytest.fixture
def khan():
    return actor_of(make_person())


def merge(by, patient, into):
    return merge_patients(by=by, patient_id=patient.pk, into_id=into.pk, now=clock.now())


def undo(by, patient):
    undo_merge(by=by, patient_id=patient.pk, now=clock.now())


class TestAMerge:
    def test_makes_an_unknown_patient_the_known_one(self, khan):
        unknown = make_patient("UNKNOWN", "", None, "T-3F2A1C", None, temporary=True)
        known = make_patient()
        assert merge(khan, unknown, known) == known.pk
        assert queries.patient(khan, unknown.pk).pk == known.pk
        assert queries.identity(khan, unknown.pk) == an_identity()
        assert queries.by_number(khan, "T-3F2A1C") == known.pk

    def test_keeps_the_trail_under_both(self, khan):
        one, other = make_patients(2)
        merge(khan, one, other)
        entry = Entry.objects.latest("seq")
        assert entry.action == "patients.merge_patients"
        assert About.objects.filter(entry=entry, patient=other.pk).exists()
        assert str(one.pk).encode() in bytes(entry.body)

    def test_leaves_one_name_in_the_search(self, khan):
        one, other = make_patient("TWIN", "A", nhs_number=None), make_patient("TWIN", "B", hospital_number="X2")
        assert set(chosen.directory().search("twin", None)) == {one.pk, other.pk}
        merge(khan, one, other)
        assert chosen.directory().search("twin", None) == [other.pk]
        undo(khan, one)
        assert set(chosen.directory().search("twin", None)) == {one.pk, other.pk}

    def test_of_a_merge_leads_to_the_last(self, khan):
        a, b, c = make_patients(3)
        merge(khan, a, b)
        merge(khan, b, c)
        assert {queries.patient(khan, one.pk).pk for one in (a, b, c)} == {c.pk}
        assert queries.same_patient(khan, a.pk) == {a.pk, b.pk, c.pk}
        assert {one: row.pk for one, row in queries.goes_on_as(khan, [a.pk, b.pk]).items()} == {a.pk: c.pk, b.pk: c.pk}

    def test_makes_no_ring(self, khan):
        a, b, c = make_patients(3)
        merge(khan, a, b)
        merge(khan, b, c)
        for one, other in ((c, a), (a, b), (a, a), (c, b)):
            with pytest.raises(SamePatient):
                merge(khan, one, other)

    def test_with_itself_is_refused(self, khan):
        patient = make_patient()
        with pytest.raises(SamePatient):
            merge(khan, patient, patient)

    def test_goes_towards_the_nhs_number(self, khan):
        with_number, without = make_patient(), make_patient("OTHER", nhs_number=None, hospital_number="X1")
        with pytest.raises(OtherWayRound):
            merge(khan, with_number, without)
        assert merge(khan, without, with_number) == with_number.pk

    def test_of_nobody_is_not_found(self, khan):
        patient = make_patient()
        with pytest.raises(NotFound):
            merge_patients(by=khan, patient_id=uuid4(), into_id=patient.pk, now=clock.now())
        with pytest.raises(NotFound):
            merge_patients(by=khan, patient_id=patient.pk, into_id=uuid4(), now=clock.now())


class TestWhoMerges:
    def test_looks_after_both(self, khan):
        mine, theirs = make_patient(), make_patient("OTHER", nhs_number="9990000026", hospital_number="X1", ward="ED")
        for one, other in ((mine, theirs), (theirs, mine)):
            with pytest.raises(NoCareRelationship):
                merge(khan, one, other)
            with pytest.raises(NoCareRelationship):
                compare_patients(by=khan, patient_id=one.pk, into_id=other.pk, now=clock.now())

    def test_has_more_than_a_reason_given(self):
        person, mine, theirs = make_person(), make_patient(), make_patient("OTHER", "", "9990000026", "X1", ward="ED")
        give_access(person, theirs, "break_glass")
        with pytest.raises(OpenedOnly):
            merge(actor_of(person), mine, theirs)
        give_access(person, theirs)
        merge(actor_of(person), mine, theirs)

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.IG_LEAD])
    def test_treats(self, role):
        one, other = make_patients(2)
        by = actor_of(make_person("adm", roles=[role]))
        with pytest.raises(NotForYou):
            merge(by, one, other)
        with pytest.raises(NotForYou):
            compare_patients(by=by, patient_id=one.pk, into_id=other.pk, now=clock.now())

    def test_is_a_person(self):
        one, other = make_patients(2)
        with pytest.raises(NotForYou):
            merge(WORKER, one, other)


class TestUndoing:
    def test_gives_the_merged_one_back_with_its_numbers(self, khan):
        one, other = make_patients(2)
        was = queries.identity(khan, one.pk)
        merge(khan, one, other)
        undo(khan, one)
        assert queries.patient(khan, one.pk).pk == one.pk
        assert queries.identity(khan, one.pk) == was
        assert queries.by_number(khan, was.nhs_number) == one.pk

    def test_brings_along_what_was_merged_into_it_before(self, khan):
        a, b, c = make_patients(3)
        merge(khan, a, b)
        merge(khan, b, c)
        undo(khan, b)
        assert queries.same_patient(khan, a.pk) == {a.pk, b.pk}
        assert queries.same_patient(khan, c.pk) == {c.pk}

    def test_is_refused_where_nothing_was_merged(self, khan):
        one, other = make_patients(2)
        with pytest.raises(NotMerged):
            undo(khan, one)
        merge(khan, one, other)
        undo(khan, one)
        with pytest.raises(NotMerged):
            undo(khan, one)

    def test_is_for_those_who_look_after_the_patient(self, khan):
        one, other = make_patients(2)
        merge(khan, one, other)
        stranger = actor_of(make_person("other", wards=["ED"]))
        with pytest.raises(NoCareRelationship):
            undo(stranger, one)
        assert Patient.objects.get(pk=one.pk).merged_into_id == other.pk


class TestWhoMaySeeThem:
    def test_a_reason_to_see_one_is_a_reason_to_see_the_other_from_then_on(self, khan):
        one, other = make_patients(2)
        person = make_person("other", wards=["ED"])
        give_access(person, one)
        now = clock.now()
        assert access.ground(actor_of(person), other.pk, now=now) is None
        merge(khan, one, other)
        assert access.ground(actor_of(person), other.pk, now=now).kind == "scan"
        assert access.may_see_many(actor_of(person), [one.pk, other.pk], now=now) == {one.pk, other.pk}
        undo(khan, one)
        assert access.ground(actor_of(person), other.pk, now=now) is None
        assert access.may_see_many(actor_of(person), [one.pk, other.pk], now=now) == {one.pk}

    def test_the_ward_is_that_of_the_one_who_goes_on(self, khan):
        mine, theirs = make_patient(), make_patient("OTHER", "", "9990000026", "X1", ward="ED")
        give_access(make_person(), theirs)
        merge(khan, mine, theirs)
        stranger = actor_of(make_person("ed", wards=["ED"]))
        assert access.ground(stranger, mine.pk, now=clock.now()).kind == "own_ward"
