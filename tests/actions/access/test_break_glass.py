"""Opening a record by a reason, and its review."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.factories.access import give_access
from tests.factories.patients import make_patient, make_patients
from tests.factories.staff import actor_of, make_person

from safelight.access import queries as access
from safelight.access.actions.break_glass import break_glass
from safelight.access.actions.list_break_glass import list_break_glass
from safelight.access.actions.review_break_glass import review_break_glass
from safelight.access.errors import NoCareRelationship, NotForYou, OpenedOnly, OwnReview, ProofTooOld, ReasonMissing, ReviewedAlready
from safelight.access.models import CareRelationship
from safelight.access.queries import Ground, Kind
from safelight.access.rules import Reason, Verdict
from safelight.access.sealing import open_words, seal_words
from safelight.audit.models import About, Entry
from safelight.kernel.actor import NOBODY, OPERATOR, WORKER, Role
from safelight.kernel.errors import NotFound
from safelight.vault.errors import ObjectDamaged, WrongKey

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("I2")]
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def patient():
    return make_patient()


@pytest.fixture
def stranger():
    return make_person("stranger", "Dr S Stranger", wards=["ED"])


@pytest.fixture
def lead():
    return make_person("lead", "Ms I Lead", roles=[Role.IG_LEAD], wards=[])


def opens(by, patient, *, at=NINE, words="Burn, asked by ED", reason=Reason.EMERGENCY):
    new_id = uuid4()
    sealed = seal_words(words, relationship_id=new_id)
    return break_glass(by=by, patient_id=patient.pk, reason=reason, words=sealed, now=at, new_id=new_id)


def proved(person, at=NINE):
    return actor_of(person, proved_at=at)


def facts():
    return json.loads(bytes(Entry.objects.latest("seq").body))["facts"]


class TestAReason:
    def test_opens_one_patient_for_an_hour_to_the_second(self, patient, stranger):
        opens(proved(stranger), patient)
        (other,) = make_patients(1)
        by, ends = actor_of(stranger), NINE + timedelta(hours=1)
        assert access.require(by, patient.pk, now=NINE) == Ground(Kind.BREAK_GLASS, ends)
        assert access.require(by, patient.pk, now=NINE).opened
        assert access.ground(by, patient.pk, now=ends - SECOND) is not None
        assert access.ground(by, patient.pk, now=ends) is None
        assert access.ground(by, other.pk, now=NINE) is None

    def test_is_an_entry_with_the_code_and_without_the_words(self, patient, stranger):
        made = opens(proved(stranger), patient)
        entry = Entry.objects.latest("seq")
        assert entry.action == "access.break_glass"
        assert About.objects.filter(entry=entry, patient=patient.pk).exists()
        assert b"Burn" not in bytes(entry.body) + bytes(made.words)
        (fact,) = facts()
        assert (fact["reason"], fact["in_week"], fact["often"]) == ("emergency", 1, False)

    def test_needs_a_proof_not_older_than_five_minutes(self, patient, stranger):
        for proved_at in (None, NINE - timedelta(minutes=5) - SECOND, NINE + SECOND):
            with pytest.raises(ProofTooOld):
                opens(actor_of(stranger, proved_at=proved_at), patient)
        opens(proved(stranger, NINE - timedelta(minutes=5)), patient)

    def test_needs_words(self, patient, stranger):
        for words in ("", "  \n"):
            with pytest.raises(ReasonMissing):
                opens(proved(stranger), patient, words=words)
        assert not CareRelationship.objects.exists()

    def test_refused_is_an_entry_about_the_patient(self, patient, stranger):
        with pytest.raises(ProofTooOld):
            opens(actor_of(stranger), patient)
        entry = Entry.objects.latest("seq")
        assert (entry.action, entry.outcome) == ("access.break_glass", "refused")
        assert About.objects.filter(entry=entry, patient=patient.pk).exists()

    def test_opens_nobody_to_an_administrator_or_the_computer(self, patient):
        administrator = proved(make_person("adm", roles=[Role.ADMINISTRATOR]))
        for by in (administrator, WORKER, OPERATOR):
            with pytest.raises(NotForYou):
                opens(by, patient)
        with pytest.raises(NotFound):
            opens(NOBODY, patient)

    def test_opens_a_patient_to_an_ig_lead_too(self, patient, lead):
        opens(proved(lead), patient, reason=Reason.INVESTIGATION)
        assert access.require(actor_of(lead), patient.pk, now=NINE).kind is Kind.BREAK_GLASS

    def test_lets_its_reader_read_and_not_change(self, patient, stranger):
        with pytest.raises(NoCareRelationship):
            access.require_care(actor_of(stranger), patient.pk, now=NINE)
        opens(proved(stranger), patient)
        with pytest.raises(OpenedOnly):
            access.require_care(actor_of(stranger), patient.pk, now=NINE)

    def test_is_no_ground_beside_a_better_one(self, patient, stranger):
        opens(proved(stranger), patient)
        give_access(stranger, patient, at=NINE)
        assert access.require_care(actor_of(stranger), patient.pk, now=NINE).kind is Kind.SCAN

    def test_of_nobody_is_not_found(self, stranger):
        with pytest.raises(NotFound):
            words = seal_words("Burn", relationship_id=(new_id := uuid4()))
            break_glass(by=proved(stranger), patient_id=uuid4(), reason=Reason.EMERGENCY, words=words, now=NINE, new_id=new_id)

    def test_given_again_opens_another_hour(self, patient, stranger):
        opens(proved(stranger), patient)
        later = NINE + timedelta(minutes=50)
        opens(proved(stranger, later), patient, at=later)
        assert access.ground(actor_of(stranger), patient.pk, now=later).until == later + timedelta(hours=1)
        assert CareRelationship.objects.count() == 2

    def test_is_not_longer_by_a_clock_that_goes_back(self, patient, stranger):
        opens(proved(stranger), patient)
        assert access.ground(actor_of(stranger), patient.pk, now=NINE - SECOND) is None

    def test_cannot_be_read_in_another_row(self, patient, stranger):
        made = opens(proved(stranger), patient)
        assert open_words(made.words, relationship_id=made.pk) == "Burn, asked by ED"
        with pytest.raises((ObjectDamaged, WrongKey)):
            open_words(made.words, relationship_id=uuid4())


class TestTheFourthInAWeek:
    def test_is_marked(self, stranger, lead):
        made = [opens(proved(stranger, NINE + timedelta(days=day)), make_patients(1)[0], at=NINE + timedelta(days=day)) for day in range(4)]
        assert facts()[0]["often"] is True
        assert access.often(actor_of(lead), made) == {made[3].pk}

    def test_of_another_person_is_not(self, stranger, lead):
        (patient,) = make_patients(1)
        made = [opens(proved(make_person(f"p{number}", wards=[])), patient) for number in range(4)]
        assert access.often(actor_of(lead), made) == set()


def test_nobody_opened_too_often_where_nobody_opened_anything(lead):
    assert access.often(actor_of(lead), []) == set()


class TestTheReview:
    def test_is_the_ig_leads(self, patient, stranger, lead):
        made = opens(proved(stranger), patient)
        assert access.to_review(actor_of(lead)) == 1
        review_break_glass(by=actor_of(lead), relationship_id=made.pk, verdict=Verdict.IN_ORDER, now=NINE + timedelta(hours=72))
        made.refresh_from_db()
        assert (made.reviewed_by, made.verdict) == (lead.pk, "in_order")
        assert access.to_review(actor_of(lead)) == 0
        (fact,) = facts()
        assert (fact["patient"], fact["late"]) == (str(patient.pk), False)

    def test_after_seventy_two_hours_is_late(self, patient, stranger, lead):
        made = opens(proved(stranger), patient)
        at = NINE + timedelta(hours=72, seconds=1)
        review_break_glass(by=actor_of(lead), relationship_id=made.pk, verdict=Verdict.FOLLOW_UP, now=at)
        assert facts()[0]["late"] is True

    def test_is_not_for_who_opened_it(self, patient, lead):
        made = opens(proved(lead), patient, reason=Reason.INVESTIGATION)
        with pytest.raises(OwnReview):
            review_break_glass(by=actor_of(lead), relationship_id=made.pk, verdict=Verdict.IN_ORDER, now=NINE)
        assert access.to_review(actor_of(lead)) == 0

    def test_is_done_once(self, patient, stranger, lead):
        made = opens(proved(stranger), patient)
        review_break_glass(by=actor_of(lead), relationship_id=made.pk, verdict=Verdict.IN_ORDER, now=NINE)
        other = actor_of(make_person("lead2", roles=[Role.IG_LEAD]))
        with pytest.raises(ReviewedAlready):
            review_break_glass(by=other, relationship_id=made.pk, verdict=Verdict.FOLLOW_UP, now=NINE)
        made.refresh_from_db()
        assert made.verdict == "in_order"

    @pytest.mark.parametrize("role", [Role.CLINICIAN, Role.PHOTOGRAPHER, Role.ADMINISTRATOR])
    def test_and_its_list_are_for_nobody_else(self, patient, stranger, role):
        made = opens(proved(stranger), patient)
        by = actor_of(make_person("some", roles=[role]))
        with pytest.raises(NotForYou):
            review_break_glass(by=by, relationship_id=made.pk, verdict=Verdict.IN_ORDER, now=NINE)
        with pytest.raises(NotForYou):
            list_break_glass(by=by, now=NINE)
        assert access.to_review(by) == 0
        assert access.often(by, [made]) == set()

    def test_is_of_opened_records_only(self, patient, stranger, lead):
        give_access(stranger, patient, at=NINE)
        with pytest.raises(NotFound):
            review_break_glass(by=actor_of(lead), relationship_id=CareRelationship.objects.get().pk, verdict=Verdict.IN_ORDER, now=NINE)


class TestTheList:
    def test_has_what_waits_oldest_first_then_the_last_month(self, stranger, lead):
        rows = [opens(proved(stranger, NINE + timedelta(hours=n)), make_patients(1)[0], at=NINE + timedelta(hours=n)) for n in range(4)]
        by = actor_of(lead)
        review_break_glass(by=by, relationship_id=rows[0].pk, verdict=Verdict.IN_ORDER, now=NINE + timedelta(hours=5))
        review_break_glass(by=by, relationship_id=rows[3].pk, verdict=Verdict.IN_ORDER, now=NINE + timedelta(hours=6))
        shown = list_break_glass(by=by, now=NINE + timedelta(hours=7))
        assert [row.pk for row in shown] == [rows[1].pk, rows[2].pk, rows[3].pk, rows[0].pk]
        assert facts()[0]["relationships"] == [str(row.pk) for row in shown]
        later = list_break_glass(by=by, now=NINE + timedelta(days=40))
        assert [row.pk for row in later] == [rows[1].pk, rows[2].pk]
