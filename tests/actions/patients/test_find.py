"""Searching: what is found, who may, and what the entry says."""

import json
from datetime import date
from uuid import uuid4

import pytest
from tests.factories.patients import make_patient, make_patients
from tests.factories.staff import actor_of, make_person

from safelight.audit.models import About, Entry
from safelight.kernel import clock
from safelight.kernel.actor import NOBODY, WORKER, Role
from safelight.patients import chosen, listing, queries
from safelight.patients.actions.find_patients import find_patients
from safelight.patients.actions.list_wards import list_wards
from safelight.patients.adapters.local import LocalDirectory
from safelight.patients.errors import NotForYou
from safelight.patients.models import Patient

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture
def khan():
    return actor_of(make_person())


def find(by, *ids):
    return find_patients(by=by, found=ids, by_number=False, now=clock.now())


class TestASearch:
    def test_lists_whom_it_showed_in_its_entry_and_nothing_that_names_them(self, khan):
        one, other = make_patient(), make_patient("SAMPLE", "Tess", "9990000026", "X1", ward="ED")
        assert find(khan, *queries.by_name(khan, "sample", None)) == [other, one]
        entry = Entry.objects.latest("seq")
        shown = {fact["patient"] for fact in json.loads(bytes(entry.body))["facts"] if fact["fact"] == "patients.PatientShown"}
        assert shown == {str(one.pk), str(other.pk)}
        assert set(About.objects.filter(entry=entry).values_list("patient", flat=True)) == {one.pk, other.pk}
        assert not any(word in bytes(entry.body).lower() for word in (b"sample", b"999000", b"1970"))

    def test_that_finds_nobody_is_an_entry_too(self, khan):
        assert find(khan) == []
        assert json.loads(bytes(Entry.objects.latest("seq").body))["facts"] == [
            {"fact": "patients.SearchDone", "by_number": False, "found": 0}
        ]

    def test_shows_fifty_at_most(self, khan):
        make_patients(queries.MOST_FOUND + 5)
        found = Patient.objects.values_list("pk", flat=True)
        assert len(find(khan, *found)) == queries.MOST_FOUND

    def test_leaves_out_an_id_that_nobody_has_and_shows_nobody_twice(self, khan):
        patient = make_patient()
        assert find(khan, patient.pk, uuid4(), patient.pk) == [patient]

    @pytest.mark.requirement("I2")
    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.IG_LEAD])
    def test_is_not_for_a_role_that_does_not_treat(self, role):
        patient, by = make_patient(), actor_of(make_person("adm", roles=[role]))
        with pytest.raises(NotForYou):
            find(by, patient.pk)
        assert queries.by_name(by, "sample", None) == []
        assert queries.on_wards(by) == {}
        with pytest.raises(NotForYou):
            list_wards(by=by, page=(patient.pk,), now=clock.now())

    def test_is_for_people(self):
        make_patient()
        assert queries.by_name(WORKER, "sample", None) == []
        assert queries.by_number(NOBODY, "9990000018") is None
        with pytest.raises(NotForYou):
            find(WORKER)


class TestTheListOfOnesWards:
    def test_is_in_the_order_of_names_page_by_page(self, khan):
        make_patients(2 * listing.PAGE + 3)
        make_patient("Élan", ward="BURNS2")
        make_patient("ELSEWHERE", nhs_number="9990000026", hospital_number="X1", ward="ED")
        seen, after = [], None
        for _ in range(3):
            page = listing.ward_page(khan, after=after)
            seen += page.patients
            after = page.next
        assert after is None
        names = [queries.identity(khan, one).family for one in seen]
        assert len(seen) == len(set(seen)) == 2 * listing.PAGE + 4
        assert names.index("Élan") < names.index("EXAMPLE")
        assert "ELSEWHERE" not in names

    def test_begins_anew_where_its_place_has_left(self, khan):
        make_patients(3)
        assert listing.ward_page(khan, after=uuid4()).patients == listing.ward_page(khan, after=None).patients

    def test_shows_only_who_is_still_there(self, khan):
        here, there = make_patient(), make_patient("OTHER", "", "9990000026", "X1", ward="ED")
        assert list_wards(by=khan, page=(here.pk, there.pk, uuid4()), now=clock.now()) == [here]

    def test_is_one_entry_that_names_all(self, khan):
        one, other = make_patients(2)
        list_wards(by=khan, page=(one.pk, other.pk), now=clock.now())
        (fact,) = json.loads(bytes(Entry.objects.latest("seq").body))["facts"]
        assert fact == {"fact": "patients.WardListShown", "patients": [str(one.pk), str(other.pk)]}

    def test_has_nobody_for_somebody_on_no_ward(self):
        make_patient("LOST", ward="")
        assert listing.ward_page(actor_of(make_person(wards=[])), after=None).patients == ()


@pytest.mark.requirement("E2")
class TestARow:
    def test_always_has_name_birth_date_and_number(self, khan):
        (row,) = listing.rows(khan, [make_patient()], today=TODAY)
        one = row.banner
        assert (one.name, one.born, one.age, one.nhs_number, one.hospital_number, one.ward) == (
            "SAMPLE, Test",
            date(1970, 1, 1),
            56,
            "999 000 0018",
            "0000018",
            "BURNS2",
        )
        assert repr(one) == f"<Banner {one.id}>"

    @pytest.mark.parametrize(
        ("given", "born", "alike"),
        [
            ("Tess", date(1980, 5, 5), True),
            ("Ann", date(1970, 1, 1), True),
            ("Ann", date(1980, 5, 5), False),
            ("Ann", None, False),
        ],
    )
    def test_warns_of_another_who_is_called_alike(self, khan, given, born, alike):
        rows = listing.rows(khan, [make_patient(), make_patient("Sample", given, "9990000026", "X1", born)], today=TODAY)
        assert [row.alike for row in rows] == [alike, alike]

    def test_does_not_warn_of_another_family(self, khan):
        rows = listing.rows(khan, [make_patient(), make_patient("OTHER", "Test", "9990000026", "X1")], today=TODAY)
        assert [row.alike for row in rows] == [False, False]

    @pytest.mark.parametrize(("today", "age"), [(date(2025, 12, 31), 55), (date(2026, 1, 1), 56)])
    def test_counts_full_years(self, khan, today, age):
        assert queries.banner(khan, make_patient().pk, today=today).age == age

    def test_gives_no_age_to_who_has_died_or_whose_birth_date_is_not_known(self, khan):
        one, other = make_patient(), make_patient("OTHER", "", "9990000026", "X1", None)
        Patient.objects.filter(pk=one.pk).update(deceased=True)
        assert queries.banner(khan, one.pk, today=TODAY).age is None
        assert queries.banner(khan, other.pk, today=TODAY).age is None


class TestTheListInMemory:
    def test_is_made_anew_when_its_time_is_over(self):
        seconds = [0.0]
        directory = LocalDirectory(lifetime_seconds=60, seconds=lambda: seconds[0])
        patient = make_patient()
        assert directory.search("sample", None) == [patient.pk]
        first = directory._list
        seconds[0] = 59.9
        directory.search("sample", None)
        assert directory._list is first
        seconds[0] = 60
        assert directory.search("sample", None) == [patient.pk]
        assert directory._list is not first

    def test_opens_only_what_was_changed_since(self, django_assert_num_queries):
        directory = LocalDirectory()
        make_patients(5)
        directory.search("sample", None)
        before = dict(directory._list.known)
        make_patient()
        with django_assert_num_queries(1):
            assert len(directory.search("sample", None)) == 1
        assert all(directory._list.known[one] is known for one, known in before.items())

    def test_does_not_outlive_its_database(self):
        directory = LocalDirectory()
        make_patients(3)
        patient = make_patient()
        assert directory.search("sample", None) == [patient.pk]
        Patient.objects.filter(pk=patient.pk).delete()
        assert directory.search("sample", None) == []

    def test_shows_no_name_in_a_log(self):
        make_patient()
        directory = chosen.directory()
        directory.search("sample", None)
        assert "sample" not in repr(directory._list).lower()
        assert "sample" not in repr(list(directory._list.known.values())).lower()
