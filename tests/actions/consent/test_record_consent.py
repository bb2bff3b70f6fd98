import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from tests.factories.access import give_access
from tests.factories.consent import make_consent, what_was_said
from tests.factories.staff import actor_of, make_person

from safelight.access.errors import NoCareRelationship
from safelight.audit.listeners import on
from safelight.audit.models import About, Entry, Outcome
from safelight.consent import queries
from safelight.consent.actions.record_consent import record_consent
from safelight.consent.details import Details
from safelight.consent.errors import (
    ChangedMeanwhile,
    DetailMissing,
    NotAllAnswered,
    NotYoursToAsk,
    UnknownWords,
)
from safelight.consent.facts import ConsentLowered
from safelight.consent.lifecycle import ConsentState
from safelight.consent.models import Answer, ChildsView, Consent, How, Purpose, WhoAgreed, Wording
from safelight.consent.wordings import ENGLISH_1
from safelight.kernel.actor import Role

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = NINE + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def lowered():
    told = []
    on(ConsentLowered)(told.append)
    return told


def _refused(by, patient, error, *, now=NINE, **changed):
    new_id = uuid4()
    told = replace(what_was_said(new_id), **changed)
    with pytest.raises(error):
        record_consent(by=by, patient_id=patient.pk, said=told, now=now, new_id=new_id)
    assert not Consent.objects.filter(pk=new_id).exists()
    assert Entry.objects.order_by("-seq").first().outcome == Outcome.REFUSED


@pytest.mark.requirement("B3")
def test_keeps_who_asked_what_was_said_when_how_and_in_which_words(khan, patient):
    details = Details(language="Polish", interpreter="J Nowak", notes="Worried about the newspaper")
    made = make_consent(patient, khan, yes=(1, 2), at=NINE, details=details)
    kept = queries.consent(khan, made.pk)
    assert (kept.asked_by, kept.asked_at, kept.how, kept.who_agreed) == (khan.id, NINE, How.TOLD, WhoAgreed.PATIENT)
    assert (kept.wording.say, kept.wording.version, kept.interpreter) == (ENGLISH_1.say, 1, True)
    assert queries.details(khan, kept) == details


@pytest.mark.requirement("B4")
@pytest.mark.requirement("B2")
def test_each_purpose_has_an_answer_of_its_own(khan, patient):
    make_consent(patient, khan, yes=(1, 4), at=NINE)
    allowed = {purpose for purpose in Purpose if queries.allows(khan, patient.pk, purpose, at=NINE)}
    assert allowed == {Purpose.TAKE_AND_KEEP, Purpose.TEACH_HERE}
    assert Answer.objects.filter(yes=False).count() == 3


def test_names_and_notes_are_in_no_column_and_no_entry(khan, patient):
    make_consent(patient, khan, at=NINE, details=Details(notes="Worried about the newspaper"))
    entry = Entry.objects.order_by("-seq").first()
    assert b"newspaper" not in bytes(entry.body) + bytes(Consent.objects.get().details)
    assert json.loads(bytes(entry.body))["facts"][0]["yes"] == [1, 2]
    assert About.objects.filter(entry=entry, patient=patient.pk).exists()


@pytest.mark.requirement("B1")
def test_allows_nothing_before_it_was_asked(khan, patient):
    make_consent(patient, khan, at=NINE)
    assert queries.allows(khan, patient.pk, Purpose.TAKE_AND_KEEP, at=NINE)
    assert not queries.allows(khan, patient.pk, Purpose.TAKE_AND_KEEP, at=NINE - timedelta(seconds=1))


def test_allows_nothing_where_nobody_was_asked(khan, patient):
    assert queries.standing(khan, patient.pk) is None
    assert not queries.allows(khan, patient.pk, Purpose.TAKE_AND_KEEP, at=NINE)


def test_what_was_agreed_then_still_counts_when_it_is_said_anew(khan, patient):
    make_consent(patient, khan, at=NINE)
    make_consent(patient, khan, at=LATER)
    assert queries.allows(khan, patient.pk, Purpose.TAKE_AND_KEEP, at=NINE + MINUTE)


def test_a_yes_today_does_not_reach_back_behind_a_no(khan, patient):
    make_consent(patient, khan, yes=(), at=NINE)
    make_consent(patient, khan, at=LATER)
    assert not queries.allows(khan, patient.pk, Purpose.TAKE_AND_KEEP, at=NINE + MINUTE)
    assert queries.allows(khan, patient.pk, Purpose.TAKE_AND_KEEP, at=LATER)


@pytest.mark.requirement("B6")
def test_a_no_today_counts_for_what_was_agreed_before(khan, patient, lowered):
    make_consent(patient, khan, yes=(1, 2), at=NINE)
    second = make_consent(patient, khan, yes=(1,), at=LATER)
    assert not queries.allows(khan, patient.pk, Purpose.ADVICE_HERE, at=NINE + MINUTE)
    assert [(fact.consent, fact.purposes) for fact in lowered] == [(second.pk, (2,))]


def test_says_nothing_is_lowered_where_nothing_is(khan, patient, lowered):
    make_consent(patient, khan, yes=(1,), at=NINE)
    make_consent(patient, khan, yes=(1, 2), at=LATER)
    assert lowered == []


def test_one_consent_stands_and_the_earlier_one_keeps_its_end(khan, patient):
    first = make_consent(patient, khan, at=NINE)
    second = make_consent(patient, khan, at=LATER)
    first.refresh_from_db()
    assert (first.state, first.ended_at, second.supersedes_id) == (ConsentState.SUPERSEDED, LATER, first.pk)
    assert queries.standing(khan, patient.pk) == second
    assert queries.consents_of(khan, patient.pk) == [second, first]


def test_the_database_lets_no_second_one_stand(khan, patient):
    first = make_consent(patient, khan, at=NINE)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(
            id=uuid4(), patient=patient, wording=first.wording, asked_by=khan.id, asked_at=NINE, who_agreed="patient", how="told"
        )


def test_a_no_to_everything_is_recorded_like_a_yes(khan, patient):
    made = make_consent(patient, khan, yes=(), at=NINE)
    assert queries.standing(khan, patient.pk) == made
    assert queries.agreed(khan, patient.pk) == frozenset()


@pytest.mark.requirement("B9")
def test_a_childs_no_is_recorded_beside_the_parents_yes_and_counts(khan, patient):
    make_consent(patient, khan, who=WhoAgreed.PARENT, childs_view=ChildsView.REFUSES, at=NINE)
    assert Answer.objects.get(purpose=1).yes
    assert not queries.allows(khan, patient.pk, Purpose.TAKE_AND_KEEP, at=NINE)


@pytest.mark.requirement("B9")
def test_who_agreed_for_a_child_is_kept_by_name_with_the_childs_view(khan, patient):
    made = make_consent(patient, khan, who=WhoAgreed.PARENT, childs_view=ChildsView.AGREES, at=NINE)
    assert (made.who_agreed, made.childs_view, queries.details(khan, made).name) == ("parent", "agrees", "Pat SAMPLE")


def test_still_the_same_is_a_new_consent_that_says_so(khan, patient):
    first = make_consent(patient, khan, yes=(1, 2), at=NINE)
    second = make_consent(patient, khan, yes=(1, 2), at=LATER, same_as=first.pk)
    assert (second.still_the_same, second.supersedes_id, second.asked_at) == (True, first.pk, LATER)


def test_what_changed_meanwhile_is_not_the_same(khan, patient):
    first = make_consent(patient, khan, yes=(1, 2), at=NINE)
    make_consent(patient, khan, yes=(1,), at=NINE + MINUTE)
    with pytest.raises(ChangedMeanwhile):
        make_consent(patient, khan, yes=(1, 2), at=LATER, same_as=first.pk)
    assert queries.agreed(khan, patient.pk) == {Purpose.TAKE_AND_KEEP}


def test_the_words_that_come_with_safelight_are_kept_when_they_are_first_said(khan, patient):
    assert not Wording.objects.exists()
    make_consent(patient, khan, at=NINE)
    make_consent(patient, khan, at=LATER)
    assert Wording.objects.get().questions[0] == {"ask": ENGLISH_1.questions[0].ask, "hint": ENGLISH_1.questions[0].hint}


def test_refuses_words_that_nobody_keeps(khan, patient):
    _refused(khan, patient, UnknownWords, wording=uuid4())


def test_refuses_a_purpose_without_an_answer(khan, patient):
    _refused(khan, patient, NotAllAnswered, no=frozenset())


def test_refuses_a_parent_without_a_name(khan, patient):
    _refused(khan, patient, DetailMissing, who=WhoAgreed.PARENT, childs_view=ChildsView.AGREES)


def test_refuses_who_does_not_ask_patients_though_they_may_see_one(patient):
    lead = make_person("lead", roles=[Role.IG_LEAD])
    give_access(lead, patient, "break_glass", at=NINE)
    _refused(actor_of(lead), patient, NotYoursToAsk)


def test_refuses_who_has_no_reason_to_see_the_patient(patient):
    _refused(actor_of(make_person("lim", wards=["ED"])), patient, NoCareRelationship)


def test_a_signature_is_never_needed(khan, patient):
    assert make_consent(patient, khan, at=NINE, how=How.TOLD).how == How.TOLD
    assert make_consent(patient, khan, at=LATER, how=How.PAPER).how == How.PAPER


def test_a_signature_comes_back_as_it_was_drawn(khan, patient):
    drawn = (((1, 2), (3, 4)), ((5, 6),))
    made = make_consent(patient, khan, at=NINE, how=How.SIGNED, details=Details(signature=drawn))
    assert queries.details(khan, made).signature == drawn


def test_what_comes_twice_is_kept_once(khan, patient):
    new_id = uuid4()
    told = what_was_said(new_id)
    record_consent(by=khan, patient_id=patient.pk, said=told, now=NINE, new_id=new_id)
    with pytest.raises(ChangedMeanwhile):
        record_consent(by=khan, patient_id=patient.pk, said=told, now=NINE + MINUTE, new_id=new_id)
    stands = queries.standing(khan, patient.pk)
    assert (stands.pk, stands.state, stands.ended_at) == (new_id, ConsentState.STANDS, None)
