"""Asking a colleague: what is refused, what is promised, and that a question goes out once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.factories.access import give_access
from tests.factories.notices import make_webhook
from tests.factories.patients import make_patients
from tests.factories.photographs import facts_of
from tests.factories.sharing import WORDS, an_asking, ask, make_asked, make_shareable, not_to_be_shared
from tests.factories.staff import actor_of, make_person
from tests.factories.teams import make_team

from safelight.access.errors import NoCareRelationship, OpenedOnly
from safelight.audit.models import Entry, Outcome
from safelight.consent.actions.withdraw_consent import withdraw_consent
from safelight.consent.models import Consent, Purpose
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.kernel.errors import NotFound
from safelight.sharing import choosing, sealing
from safelight.sharing.actions.ask_opinion import ask_opinion
from safelight.sharing.actions.keep_question import keep_question
from safelight.sharing.asking import Recipient
from safelight.sharing.errors import (
    AskedAlready,
    LooksLikeIdentity,
    NobodyChosen,
    NoConsentToShare,
    NoPhotosChosen,
    NotCovered,
    NotYoursToAsk,
    NoUrgentNotice,
    QuestionMissing,
    TooLong,
    UrgencyMissing,
)
from safelight.sharing.lifecycle import ShareState
from safelight.sharing.models import KeptQuestion, Opinion, ShareItem, Urgency

pytestmark = pytest.mark.django_db


@pytest.fixture
def shareable():
    return make_shareable(photos=2)


@pytest.fixture
def lim():
    return make_asked()


def asked_by(person, asking):
    return ask_opinion(by=actor_of(person), asking=asking, now=clock.now())


def test_offers_the_covered_copies_and_nothing_else_to_the_person_asked(shareable, lim):
    opinion = ask(shareable, lim)
    assert (opinion.state, opinion.person_id, opinion.asked_by) == (ShareState.OFFERED, lim.pk, shareable.record.person.pk)
    items = ShareItem.objects.filter(opinion=opinion).order_by("place")
    assert [item.approval_id for item in items] == [approval.pk for approval in shareable.approvals]
    relations = {field.related_model.__name__ for field in ShareItem._meta.get_fields() if field.is_relation}
    assert relations == {"Opinion", "Approval"}


def test_seals_the_question_for_its_own_row(shareable, lim):
    opinion = ask(shareable, lim)
    assert b"necrotising" not in bytes(Opinion.objects.get(pk=opinion.pk).question)
    assert sealing.open_question(opinion.question, opinion=opinion.pk) == WORDS


def test_states_identifiers_and_codes_only(shareable, lim):
    opinion = ask(shareable, lim)
    [fact] = [fact for fact in facts_of("sharing.ask_opinion") if fact["fact"] == "sharing.OpinionAsked"]
    assert (fact["opinion"], fact["person"], fact["urgency"], fact["copies"]) == (str(opinion.pk), str(lim.pk), "urgent", 2)
    assert not {"question", "words", "name"} & set(fact)


@pytest.mark.requirement("B2")
@pytest.mark.parametrize("yes", [(1,), (1, 3), (1, 4, 5)])
def test_refuses_without_consent_to_show_colleagues_here(lim, yes):
    shareable = make_shareable(yes=yes)
    with pytest.raises(NoConsentToShare):
        ask(shareable, lim)
    assert not Opinion.objects.exists()


@pytest.mark.requirement("L2")
@pytest.mark.requirement("B6")
def test_refuses_once_the_consent_to_share_was_withdrawn(shareable, lim):
    consent = Consent.objects.get()
    withdraw_consent(by=shareable.record.by, consent_id=consent.pk, purposes=frozenset({Purpose.ADVICE_HERE}), now=clock.now())
    with pytest.raises(NoConsentToShare):
        ask(shareable, lim)


def test_refuses_without_urgency(shareable, lim):
    with pytest.raises(UrgencyMissing):
        ask(shareable, lim, urgency=None)
    assert not Opinion.objects.exists()


def test_refuses_without_words(shareable, lim):
    with pytest.raises(QuestionMissing):
        ask(shareable, lim, words="   ")


@pytest.mark.requirement("F1")
def test_refuses_a_photo_without_an_approved_copy_and_names_it(shareable, lim):
    bare = shareable.record.photos(1)[0]
    with pytest.raises(NotCovered) as refused:
        ask(shareable, lim, photographs=[shareable.photographs[0].pk, bare.pk])
    assert refused.value.photographs == (bare.pk,)


def test_refuses_a_photo_that_somebody_said_is_not_to_be_shared(shareable, lim):
    not_to_be_shared(shareable.photographs[0], shareable.record.by)
    with pytest.raises(NotCovered):
        ask(shareable, lim)


def test_refuses_photos_of_two_patients(shareable, lim):
    other = make_shareable("RIGHT", "9990000026")
    with pytest.raises(NoPhotosChosen):
        ask(shareable, lim, photographs=[shareable.photographs[0].pk, other.photographs[0].pk])


@pytest.mark.parametrize("count", [0, 21])
def test_refuses_no_photo_and_too_many(shareable, lim, count):
    with pytest.raises(NoPhotosChosen):
        ask(shareable, lim, photographs=[uuid4() for _ in range(count)])


@pytest.mark.requirement("I2")
def test_refuses_who_does_not_look_after_the_patient(shareable, lim):
    stranger = make_person("osei", "Dr B Osei", wards=["ED"])
    with pytest.raises(NoCareRelationship):
        asked_by(stranger, an_asking(shareable, lim))


@pytest.mark.requirement("I2")
def test_a_record_opened_by_a_reason_is_not_enough_to_share_it(shareable, lim):
    reader = make_person("osei", "Dr B Osei", wards=["ED"])
    give_access(reader, shareable.record.patient, why="break_glass")
    with pytest.raises(OpenedOnly):
        asked_by(reader, an_asking(shareable, lim))


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.IG_LEAD])
def test_refuses_accounts_that_do_not_treat(shareable, lim, role):
    with pytest.raises(NotYoursToAsk):
        asked_by(make_person(role.value, "Ms A Other", roles=[role]), an_asking(shareable, lim))


def test_refuses_nobody_oneself_the_same_one_twice_and_who_has_left(shareable, lim):
    gone = make_person("gone", "Dr G One")
    gone.is_active = False
    gone.save()
    for to in ([], [shareable.record.person], [lim, lim], [gone], [Recipient()], [Recipient(guest=uuid4())]):
        with pytest.raises(NobodyChosen):
            ask(shareable, *to)
    for to in (Recipient(person=uuid4()), Recipient(team=uuid4())):
        with pytest.raises(NotFound):
            ask(shareable, to)


def test_refuses_an_urgent_question_to_a_team_that_nothing_urgent_reaches(shareable):
    team = make_team()
    with pytest.raises(NoUrgentNotice) as refused:
        ask(shareable, team)
    assert refused.value.instead == "Burns on call has no urgent notice set up. Ring 4321."
    assert ask(shareable, team, urgency=Urgency.ROUTINE).team_id == team.pk
    make_webhook(team=team)
    assert ask(shareable, team).team_id == team.pk


def test_refuses_an_urgent_question_to_a_person_whom_nothing_urgent_reaches(shareable):
    roy = make_person("roy", "Ms D Roy")
    with pytest.raises(NoUrgentNotice) as refused:
        ask(shareable, roy)
    assert refused.value.instead == "Ms D Roy has set up nothing that rings for an urgent question. Ring them, or ask a team."
    make_team(people=(roy,))
    with pytest.raises(NoUrgentNotice) as refused:
        ask(shareable, roy)
    assert refused.value.instead.endswith("Ring them, or ask Burns on call, 4321.")
    assert ask(shareable, roy, urgency=Urgency.SOON).person_id == roy.pk
    make_webhook(person=roy, tested=False)
    with pytest.raises(NoUrgentNotice):
        ask(shareable, roy)
    make_webhook(person=roy)
    assert ask(shareable, roy).person_id == roy.pk


@pytest.mark.requirement("G8")
def test_a_name_in_the_question_is_confirmed_by_a_person_or_changed(shareable, lim):
    with pytest.raises(LooksLikeIdentity) as refused:
        ask(shareable, lim, words="Is Mr Sample's wound infected? 999 000 0018")
    assert {doubt.value for doubt in refused.value.doubts} >= {"name", "nhs_number"}
    ask(shareable, lim, words="Is this a sample for the lab?", confirmed=True)
    assert facts_of("sharing.ask_opinion")[0]["doubts_confirmed"] == 1


@pytest.mark.parametrize(("lasts", "fits"), [(timedelta(days=31), True), (timedelta(days=31, seconds=1), False), (timedelta(0), False)])
def test_stays_open_for_31_days_at_most(shareable, lim, lasts, fits):
    if fits:
        assert ask(shareable, lim, lasts=lasts)
    else:
        with pytest.raises(TooLong):
            ask(shareable, lim, lasts=lasts)


def test_a_form_sent_twice_asks_once(shareable, lim):
    asking = an_asking(shareable, lim)
    [first] = asked_by(shareable.record.person, asking)
    again = an_asking(shareable, lim, asking=asking.id)
    with pytest.raises(AskedAlready) as refused:
        asked_by(shareable.record.person, again)
    assert refused.value.opinions == (first.pk,)
    assert Opinion.objects.count() == 1


def test_asks_several_teams_at_once_each_with_an_opinion_of_its_own(shareable, lim):
    plastics = make_team("Plastics on call", "4322")
    asking = an_asking(shareable, lim, plastics, urgency=Urgency.SOON)
    rows = asked_by(shareable.record.person, asking)
    assert [(row.asking, row.place) for row in rows] == [(asking.id, 0), (asking.id, 1)]
    assert len({row.public_id for row in rows}) == 2
    assert all(sealing.open_question(row.question, opinion=row.pk) == WORDS for row in rows)
    assert ShareItem.objects.count() == 4


def test_leaves_an_entry_of_what_was_refused(shareable, lim):
    with pytest.raises(UrgencyMissing):
        ask(shareable, lim, urgency=None)
    entry = Entry.objects.latest("seq")
    assert (entry.action, entry.outcome) == ("sharing.ask_opinion", Outcome.REFUSED)


def test_a_kept_question_is_offered_when_its_photos_are_in_and_is_done_once_asked(lim):
    shareable = make_shareable()
    record, new_id = shareable.record, uuid4()
    sealed = sealing.seal_question(WORDS, opinion=new_id)
    keep_question(by=record.by, visit_id=record.visit.pk, question=sealed, to=Recipient(person=lim.pk), now=clock.now(), new_id=new_id)
    assert choosing.photos_of_visit(record.by, record.visit.pk, now=clock.now()) == (shareable.photographs[0].pk,)
    opinion = ask(shareable, lim, kept=new_id)
    kept = KeptQuestion.objects.get()
    assert kept.done_at is not None
    assert kept.asked_as == opinion.asking
    with pytest.raises(NotFound):
        ask(shareable, lim, kept=new_id)


def test_a_question_at_the_slate_needs_words_and_takes_the_place_of_an_earlier_one(shareable):
    record = shareable.record
    with pytest.raises(QuestionMissing):
        keep_question(by=record.by, visit_id=record.visit.pk, question=b"", to=None, now=clock.now(), new_id=uuid4())
    for _ in range(2):
        new_id = uuid4()
        sealed = sealing.seal_question(WORDS, opinion=new_id)
        keep_question(by=record.by, visit_id=record.visit.pk, question=sealed, to=None, now=clock.now(), new_id=new_id)
    assert KeptQuestion.objects.filter(done_at=None).get().pk == new_id
    keeper = make_person("boss", "Ms T Boss", roles=[Role.ADMINISTRATOR], wards=["BURNS2"])
    with pytest.raises((NotYoursToAsk, NoCareRelationship)):
        keep_question(by=actor_of(keeper), visit_id=record.visit.pk, question=b"sealed", to=None, now=clock.now(), new_id=uuid4())


def test_choosing_says_what_is_missing_before_anything_is_typed(shareable):
    bare = shareable.record.photos(1)[0]
    chosen = choosing.choose(shareable.record.by, [shareable.photographs[0].pk, bare.pk], now=clock.now())
    assert [one.pk for one in chosen.not_yet] == [bare.pk]
    assert (chosen.here, chosen.elsewhere, chosen.never) == (True, False, ())
    with pytest.raises(NoPhotosChosen):
        choosing.choose(shareable.record.by, [], now=clock.now())
    other = make_patients(1)[0]
    with pytest.raises(NotFound):
        choosing.choose(shareable.record.by, [other.pk], now=clock.now())
