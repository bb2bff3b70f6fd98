"""On which ground somebody may see a patient, for how long, and what it costs to ask."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.factories.access import give_access
from tests.factories.patients import make_patient, make_patients
from tests.factories.staff import actor_of, make_person

from safelight.access import queries as access
from safelight.access.actions.note_scan import note_scan
from safelight.access.actions.note_visit import note_visit
from safelight.access.errors import NoCareRelationship, NotForYou
from safelight.access.models import CareRelationship, Why
from safelight.access.queries import Ground, Kind
from safelight.audit.models import About, Entry
from safelight.kernel.actor import NOBODY, OPERATOR, WORKER, Actor, ActorKind, Role
from safelight.kernel.errors import NotFound

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("I2")]
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def patient():
    return make_patient()


@pytest.fixture
def stranger():
    return make_person("stranger", "Dr S Stranger", wards=["ED"])


def ground(person, patient, at=NINE):
    return access.ground(actor_of(person), patient.pk, now=at)


class TestTheWard:
    def test_opens_its_patients_to_those_who_work_there(self, patient):
        assert ground(make_person(), patient) == Ground(Kind.OWN_WARD, None)

    def test_opens_nobody_elses(self, patient, stranger):
        assert ground(stranger, patient) is None

    def test_ends_when_the_patient_moves(self, patient):
        patient.ward = "ED"
        type(patient).objects.filter(pk=patient.pk).update(ward="ED")
        assert ground(make_person(), patient) is None

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.IG_LEAD])
    def test_does_not_open_to_a_role_that_does_not_treat(self, patient, role):
        by = make_person("adm", roles=[role], wards=["BURNS2"])
        assert ground(by, patient) is None
        with pytest.raises(NoCareRelationship):
            access.require(actor_of(by), patient.pk, now=NINE)


class TestAScan:
    def test_opens_the_patient_for_thirty_days_to_the_second(self, patient, stranger):
        give_access(stranger, patient, at=NINE)
        ends = NINE + timedelta(days=30)
        assert ground(stranger, patient, NINE) == Ground(Kind.SCAN, ends)
        assert ground(stranger, patient, ends - SECOND) == Ground(Kind.SCAN, ends)
        assert ground(stranger, patient, ends) is None
        assert ground(stranger, patient, ends + SECOND) is None

    def test_again_makes_it_thirty_days_from_then_in_one_row(self, patient, stranger):
        give_access(stranger, patient, at=NINE)
        give_access(stranger, patient, at=NINE + timedelta(days=29))
        assert ground(stranger, patient, NINE + timedelta(days=58)).kind is Kind.SCAN
        assert CareRelationship.objects.count() == 1

    def test_after_it_ended_begins_anew(self, patient, stranger):
        give_access(stranger, patient, at=NINE)
        later = NINE + timedelta(days=31)
        give_access(stranger, patient, at=later)
        assert ground(stranger, patient, later).until == later + timedelta(days=30)
        assert CareRelationship.objects.count() == 2

    def test_opens_nobody_else_and_to_nobody_else(self, patient, stranger):
        (other,) = make_patients(1)
        give_access(stranger, patient, at=NINE)
        assert ground(stranger, other) is None
        assert ground(make_person("third", wards=["ED"]), patient) is None

    def test_is_an_entry_about_the_patient(self, patient, stranger):
        give_access(stranger, patient, at=NINE)
        entry = Entry.objects.latest("seq")
        assert (entry.action, entry.actor) == ("access.note_scan", stranger.pk)
        assert About.objects.filter(entry=entry, patient=patient.pk).exists()

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.IG_LEAD])
    def test_gives_nothing_to_a_role_that_does_not_treat(self, patient, role):
        with pytest.raises(NotForYou):
            give_access(make_person("adm", roles=[role]), patient, at=NINE)

    def test_counts_no_longer_when_the_role_is_taken_away(self, patient, stranger):
        give_access(stranger, patient, at=NINE)
        stranger.roles = [Role.ADMINISTRATOR.value]
        assert ground(stranger, patient) is None
        assert access.may_see_many(actor_of(stranger), [patient.pk], now=NINE) == set()

    def test_of_nobody_is_not_found(self, stranger):
        with pytest.raises(NotFound):
            note_scan(by=actor_of(stranger), patient_id=uuid4(), now=NINE, new_id=uuid4())

    def test_that_a_wrong_clock_put_into_the_future_does_not_count_yet(self, patient, stranger):
        give_access(stranger, patient, at=NINE + timedelta(days=1))
        assert ground(stranger, patient, NINE) is None
        give_access(stranger, patient, at=NINE)
        assert ground(stranger, patient, NINE).kind is Kind.SCAN


class TestAVisit:
    def note(self, person, patient, at=NINE):
        note_visit(by=actor_of(person), patient_id=patient.pk, now=at, new_id=uuid4())

    def test_opens_the_patient_for_a_year(self, patient):
        khan = make_person()
        self.note(khan, patient)
        khan.wards.clear()
        ends = NINE + timedelta(days=365)
        assert ground(khan, patient) == Ground(Kind.VISIT, ends)
        assert ground(khan, patient, ends) is None

    def test_is_for_those_who_may_see_the_patient_already(self, patient, stranger):
        with pytest.raises(NoCareRelationship):
            self.note(stranger, patient)
        give_access(stranger, patient, at=NINE)
        self.note(stranger, patient)
        assert ground(stranger, patient).kind is Kind.VISIT

    def test_is_for_people_who_treat(self, patient):
        with pytest.raises(NotForYou):
            note_visit(by=WORKER, patient_id=patient.pk, now=NINE, new_id=uuid4())


class TestWhoIsNoPerson:
    def test_the_worker_sees_everyone(self, patient):
        assert access.require(WORKER, patient.pk, now=NINE) == Ground(Kind.COMPUTER)
        assert access.may_see_many(WORKER, [patient.pk, uuid4()], now=NINE) == {patient.pk}

    def test_the_command_line_sees_nobody(self, patient):
        with pytest.raises(NoCareRelationship):
            access.require(OPERATOR, patient.pk, now=NINE)
        assert access.may_see_many(OPERATOR, [patient.pk], now=NINE) == set()

    @pytest.mark.parametrize(
        "actor",
        [NOBODY, Actor(kind=ActorKind.STATION, id=uuid4(), roles=frozenset(Role), wards=frozenset({"BURNS2"}))],
        ids=["nobody", "station"],
    )
    def test_a_station_and_a_stranger_do_not_learn_that_there_is_somebody(self, patient, actor):
        with pytest.raises(NotFound):
            access.require(actor, patient.pk, now=NINE)
        assert access.may_see_many(actor, [patient.pk], now=NINE) == set()


class TestManyAtOnce:
    def test_are_those_of_the_ward_and_those_with_a_relationship(self, stranger):
        mine, theirs = make_patients(3, ward="ED"), make_patients(3)
        give_access(stranger, theirs[0], at=NINE)
        asked = [one.pk for one in [*mine, *theirs]] + [uuid4()]
        assert access.may_see_many(actor_of(stranger), asked, now=NINE) == {*(one.pk for one in mine), theirs[0].pk}

    def test_cost_the_same_however_many_they_are(self, stranger, django_assert_max_num_queries):
        some = make_patients(40)
        for one in some[:10]:
            give_access(stranger, one, at=NINE)
        by = actor_of(stranger)
        with django_assert_max_num_queries(3):
            assert len(access.may_see_many(by, [one.pk for one in some], now=NINE)) == 10

    def test_agree_with_asking_one_by_one(self, stranger):
        some = [*make_patients(4), *make_patients(3, ward="ED")]
        give_access(stranger, some[1], at=NINE)
        give_access(stranger, some[2], "break_glass", at=NINE)
        by = actor_of(stranger)
        for at in (NINE, NINE + timedelta(hours=1), NINE + timedelta(days=30)):
            single = {one.pk for one in some if access.ground(by, one.pk, now=at)}
            assert access.may_see_many(by, [one.pk for one in some], now=at) == single


class TestTheRows:
    def test_end_after_they_began(self, patient):
        with pytest.raises(IntegrityError), transaction.atomic():
            CareRelationship.objects.create(id=uuid4(), person=uuid4(), patient=patient, why=Why.SCAN, began_at=NINE, until=NINE)

    def test_say_why_where_a_record_was_opened(self, patient):
        with pytest.raises(IntegrityError), transaction.atomic():
            until = NINE + timedelta(hours=1)
            CareRelationship.objects.create(id=uuid4(), person=uuid4(), patient=patient, why=Why.BREAK_GLASS, began_at=NINE, until=until)

    def test_are_never_reviewed_by_their_own_person(self, patient, stranger):
        give_access(stranger, patient, "break_glass", at=NINE)
        with pytest.raises(IntegrityError), transaction.atomic():
            CareRelationship.objects.update(reviewed_at=NINE, reviewed_by=stranger.pk, verdict="in_order")
        with pytest.raises(IntegrityError), transaction.atomic():
            CareRelationship.objects.update(reviewed_at=NINE)
