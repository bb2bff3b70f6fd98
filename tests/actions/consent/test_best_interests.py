"""What is decided for a patient who cannot be asked, what it does not set aside, and who must be asked later."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.factories.consent import make_consent
from tests.factories.patients import make_patient
from tests.factories.staff import actor_of, make_person

from safelight.consent import queries
from safelight.consent.actions.withdraw_consent import withdraw_consent
from safelight.consent.errors import (
    OnlyForCare,
    SaidNoWhileAble,
)
from safelight.consent.models import ChildsView, ConsentOwed, Purpose, WhoAgreed
from safelight.patients.models import Patient

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = NINE + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.mark.requirement("B7")
@pytest.mark.requirement("B8")
def test_best_interests_decide_care_now_and_make_a_consent_owed(khan, patient):
    made = make_consent(patient, khan, yes=(1, 2, 3), who=WhoAgreed.BEST_INTERESTS, at=NINE)
    assert queries.allows(khan, patient.pk, Purpose.ADVICE_ELSEWHERE, at=NINE)
    assert not queries.allows(khan, patient.pk, Purpose.TEACH_HERE, at=NINE)
    owed = ConsentOwed.objects.get()
    assert (owed.consent, owed.due_at, owed.settled_at) == (made, NINE + timedelta(days=7), None)
    kept = queries.details(khan, made)
    assert (kept.assessor, kept.reason, made.asked_at) == ("Dr A Khan", "Unconscious after the accident", NINE)


@pytest.mark.requirement("B7")
@pytest.mark.parametrize("beyond", [4, 5])
def test_best_interests_decide_nothing_beyond_care(khan, patient, beyond):
    with pytest.raises(OnlyForCare):
        make_consent(patient, khan, yes=(1, beyond), who=WhoAgreed.BEST_INTERESTS, at=NINE)
    assert not ConsentOwed.objects.exists()


def test_best_interests_do_not_set_aside_what_the_patient_said_while_able(khan, patient):
    make_consent(patient, khan, yes=(1,), at=NINE)
    with pytest.raises(SaidNoWhileAble):
        make_consent(patient, khan, yes=(1, 2), who=WhoAgreed.BEST_INTERESTS, at=LATER)
    make_consent(patient, khan, yes=(1,), who=WhoAgreed.BEST_INTERESTS, at=LATER)
    with pytest.raises(SaidNoWhileAble):
        make_consent(patient, khan, yes=(1, 2), who=WhoAgreed.BEST_INTERESTS, at=LATER + MINUTE)


@pytest.mark.requirement("B9")
def test_best_interests_do_not_set_aside_a_childs_own_no(khan, patient):
    make_consent(patient, khan, who=WhoAgreed.PARENT, childs_view=ChildsView.REFUSES, at=NINE)
    with pytest.raises(SaidNoWhileAble):
        make_consent(patient, khan, yes=(1,), who=WhoAgreed.BEST_INTERESTS, at=LATER)
    make_consent(patient, khan, who=WhoAgreed.PARENT, childs_view=ChildsView.AGREES, at=LATER)
    make_consent(patient, khan, yes=(1,), who=WhoAgreed.BEST_INTERESTS, at=LATER + MINUTE)


@pytest.mark.requirement("B6")
@pytest.mark.parametrize("who", [WhoAgreed.BEST_INTERESTS, WhoAgreed.ATTORNEY])
def test_best_interests_do_not_set_aside_what_was_taken_back(khan, patient, who):
    made = make_consent(patient, khan, yes=(1, 2), who=who, at=NINE)
    withdraw_consent(by=khan, consent_id=made.pk, purposes=frozenset({Purpose.ADVICE_HERE}), now=LATER)
    with pytest.raises(SaidNoWhileAble):
        make_consent(patient, khan, yes=(1, 2), who=WhoAgreed.BEST_INTERESTS, at=LATER)
    make_consent(patient, khan, yes=(1,), who=WhoAgreed.BEST_INTERESTS, at=LATER)


def test_a_parents_no_does_not_bind_who_decides_for_the_child(khan, patient):
    make_consent(patient, khan, yes=(), who=WhoAgreed.PARENT, childs_view=ChildsView.TOO_YOUNG, at=NINE)
    make_consent(patient, khan, yes=(1,), who=WhoAgreed.BEST_INTERESTS, at=LATER)
    assert queries.agreed(khan, patient.pk) == {Purpose.TAKE_AND_KEEP}


@pytest.mark.parametrize("who", [WhoAgreed.PATIENT, WhoAgreed.PARENT, WhoAgreed.ATTORNEY])
def test_whoever_can_decide_settles_what_was_owed(khan, patient, who):
    make_consent(patient, khan, who=WhoAgreed.BEST_INTERESTS, at=NINE)
    asked = make_consent(patient, khan, who=who, at=LATER)
    owed = ConsentOwed.objects.get()
    assert (owed.settled_at, owed.settled_by) == (LATER, asked)
    assert queries.owed(khan, now=LATER) == []


def test_deciding_again_puts_nothing_off(khan, patient):
    make_consent(patient, khan, who=WhoAgreed.BEST_INTERESTS, at=NINE)
    second = make_consent(patient, khan, who=WhoAgreed.BEST_INTERESTS, at=NINE + timedelta(days=3))
    assert [(each.consent, each.due_at) for each in queries.owed(khan, now=LATER + timedelta(days=3))] == [
        (second, NINE + timedelta(days=7))
    ]
    make_consent(patient, khan, at=NINE + timedelta(days=5))
    assert not ConsentOwed.objects.filter(settled_at=None).exists()


def test_what_is_owed_is_seen_by_who_asked_and_by_the_ward(khan, patient):
    make_consent(patient, khan, who=WhoAgreed.BEST_INTERESTS, at=NINE)
    moved = replace(khan, wards=frozenset())
    neighbour, stranger = actor_of(make_person("webb")), actor_of(make_person("lim", wards=["ED"]))
    assert [len(queries.owed(actor, now=NINE)) for actor in (khan, moved, neighbour, stranger)] == [1, 1, 1, 0]


@pytest.mark.requirement("E4")
@pytest.mark.requirement("B7")
def test_what_is_owed_goes_to_the_ward_of_the_one_that_a_nameless_patient_became(khan, patient):
    make_consent(patient, khan, who=WhoAgreed.BEST_INTERESTS, at=NINE)
    known = make_patient("OTHER", "Ann", "9990000026", "X1", ward="ED")
    Patient.objects.filter(pk=patient.pk).update(merged_into=known)
    there, here_before = actor_of(make_person("lim", wards=["ED"])), actor_of(make_person("webb"))
    assert [len(queries.owed(actor, now=NINE)) for actor in (there, here_before)] == [1, 0]


@pytest.mark.requirement("B8")
def test_what_was_decided_for_a_nameless_patient_does_not_set_their_own_no_aside(khan, patient):
    """The nameless one came later, and turns out to be somebody who had agreed to the record and to nothing else."""
    make_consent(patient, khan, yes=(1,), at=NINE)
    nameless = make_patient("UNKNOWN", "Male", None, "X1")
    make_consent(nameless, khan, yes=(1, 2), who=WhoAgreed.BEST_INTERESTS, at=LATER)
    assert queries.agreed(khan, nameless.pk) == {Purpose.TAKE_AND_KEEP, Purpose.ADVICE_HERE}
    Patient.objects.filter(pk=nameless.pk).update(merged_into=patient)
    assert queries.agreed(khan, patient.pk) == {Purpose.TAKE_AND_KEEP}
    assert not queries.allows(khan, patient.pk, Purpose.ADVICE_HERE, at=LATER)


@pytest.mark.requirement("B7")
def test_nobody_is_told_to_ask_a_patient_who_has_died(khan, patient):
    make_consent(patient, khan, who=WhoAgreed.BEST_INTERESTS, at=NINE)
    assert queries.to_ask(khan, patient.pk)
    Patient.objects.filter(pk=patient.pk).update(deceased=True)
    assert queries.owed(khan, now=LATER) == queries.to_ask(khan, patient.pk) == []
    make_consent(patient, khan, who=WhoAgreed.ATTORNEY, at=LATER)
    assert not ConsentOwed.objects.filter(settled_at=None).exists()
