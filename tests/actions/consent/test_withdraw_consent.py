from datetime import UTC, datetime, timedelta

import pytest
from tests.factories.access import give_access
from tests.factories.consent import make_consent
from tests.factories.patients import make_patient
from tests.factories.staff import actor_of, make_person

from safelight.access.errors import NoCareRelationship
from safelight.audit.listeners import on
from safelight.audit.models import Entry, Outcome
from safelight.consent import queries
from safelight.consent.actions.withdraw_consent import withdraw_consent
from safelight.consent.errors import ChangedMeanwhile, NothingToWithdraw, NotYoursToAsk
from safelight.consent.facts import ConsentLowered
from safelight.consent.lifecycle import ConsentState
from safelight.consent.models import Purpose
from safelight.kernel.actor import Role

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = NINE + timedelta(hours=1)
TAKE, ADVICE, TEACH = Purpose.TAKE_AND_KEEP, Purpose.ADVICE_HERE, Purpose.TEACH_HERE


@pytest.fixture
def consent(khan):
    return make_consent(make_patient(), khan, yes=(1, 2, 4), at=NINE)


@pytest.fixture
def lowered():
    told = []
    on(ConsentLowered)(told.append)
    return told


def _withdraw(by, consent, *purposes, now=LATER):
    return withdraw_consent(by=by, consent_id=consent.pk, purposes=frozenset(purposes), now=now)


@pytest.mark.requirement("B6")
def test_works_at_once_and_tells_those_who_rest_on_it(khan, consent, lowered):
    _withdraw(khan, consent, TEACH)
    assert queries.agreed(khan, consent.patient_id) == {TAKE, ADVICE}
    assert not queries.allows(khan, consent.patient_id, TEACH, at=LATER)
    assert [(fact.patient, fact.consent, fact.purposes) for fact in lowered] == [(consent.patient_id, consent.pk, (4,))]


def test_reaches_back_behind_the_moment_of_withdrawal(khan, consent):
    _withdraw(khan, consent, ADVICE)
    assert not queries.allows(khan, consent.patient_id, ADVICE, at=NINE + timedelta(minutes=1))


def test_the_rest_still_stands(khan, consent):
    assert _withdraw(khan, consent, TAKE).state == ConsentState.STANDS
    assert queries.agreed(khan, consent.patient_id) == {ADVICE, TEACH}


def test_ends_the_consent_when_nothing_is_left(khan, consent):
    _withdraw(khan, consent, TAKE, ADVICE)
    ended = _withdraw(khan, consent, TEACH, now=LATER + timedelta(minutes=1))
    assert (ended.state, ended.ended_at) == (ConsentState.WITHDRAWN, LATER + timedelta(minutes=1))
    assert queries.standing(khan, consent.patient_id) is None


def test_the_answer_keeps_who_took_it_back_and_when(khan, consent):
    _withdraw(khan, consent, ADVICE)
    answer = consent.answers.get(purpose=2)
    assert (answer.yes, answer.withdrawn_at, answer.withdrawn_by) == (True, LATER, khan.id)


def test_a_second_withdrawal_lowers_only_what_is_left(khan, consent, lowered):
    _withdraw(khan, consent, TEACH)
    _withdraw(khan, consent, TEACH, ADVICE)
    assert [fact.purposes for fact in lowered] == [(4,), (2,)]


@pytest.mark.parametrize("purposes", [(), (Purpose.ADVICE_ELSEWHERE,)])
def test_refuses_where_nothing_chosen_was_agreed_to(khan, consent, purposes):
    with pytest.raises(NothingToWithdraw):
        _withdraw(khan, consent, *purposes)
    assert Entry.objects.order_by("-seq").first().outcome == Outcome.REFUSED


def test_refuses_a_consent_that_was_replaced(khan, consent):
    make_consent(consent.patient, khan, yes=(1,), at=NINE + timedelta(minutes=1))
    with pytest.raises(ChangedMeanwhile):
        _withdraw(khan, consent, TAKE)
    assert queries.agreed(khan, consent.patient_id) == {TAKE}


def test_refuses_who_has_no_reason_to_see_the_patient(consent):
    with pytest.raises(NoCareRelationship):
        _withdraw(actor_of(make_person("lim", wards=["ED"])), consent, TAKE)


def test_refuses_who_does_not_ask_patients_though_they_may_see_one(consent):
    lead = make_person("lead", roles=[Role.IG_LEAD])
    give_access(lead, consent.patient, "break_glass", at=NINE)
    with pytest.raises(NotYoursToAsk):
        _withdraw(actor_of(lead), consent, TAKE, now=NINE)


def test_the_patient_can_agree_again(khan, consent):
    _withdraw(khan, consent, TAKE, ADVICE, TEACH)
    make_consent(consent.patient, khan, yes=(1,), at=LATER + timedelta(minutes=1))
    assert queries.agreed(khan, consent.patient_id) == {TAKE}


@pytest.mark.requirement("B6")
@pytest.mark.requirement("E4")
class TestWhereTwoRecordsBecameOne:
    @pytest.fixture
    def other(self, khan, consent):
        """A consent of the one who goes on, of an hour later: two stand now."""
        patient = make_patient("OTHER", "Ann", "9990000026", "X1")
        made = make_consent(patient, khan, yes=(1, 2), at=LATER)
        type(patient).objects.filter(pk=consent.patient_id).update(merged_into=patient)
        return made

    def test_an_older_yes_does_not_come_back_when_the_newest_is_taken_back(self, khan, consent, other):
        _withdraw(khan, other, TAKE, ADVICE, now=LATER + timedelta(minutes=1))
        for patient in (consent.patient_id, other.patient_id):
            assert queries.standing(khan, patient) is None
            assert queries.agreed(khan, patient) == frozenset()
            assert not queries.allows(khan, patient, TAKE, at=LATER + timedelta(minutes=2))

    def test_what_was_taken_back_of_the_older_one_since_then_counts(self, khan, consent, other):
        _withdraw(khan, consent, ADVICE, now=LATER + timedelta(minutes=1))
        assert queries.agreed(khan, other.patient_id) == {TAKE}

    def test_what_was_taken_back_before_the_newest_was_asked_was_asked_anew(self, khan, consent, other):
        _withdraw(khan, consent, ADVICE, now=LATER - timedelta(minutes=1))
        assert queries.agreed(khan, other.patient_id) == {TAKE, ADVICE}
