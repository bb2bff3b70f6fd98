from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from safelight.consent import rules
from safelight.consent.details import Detail
from safelight.consent.lifecycle import CONSENT, ConsentMove, ConsentState
from safelight.consent.models import Answer, ChildsView, Consent, ConsentOwed, How, Purpose, WhoAgreed
from safelight.consent.said import Said
from safelight.consent.wordings import ENGLISH_1
from safelight.kernel.actor import Actor, ActorKind, Role
from safelight.kernel.digest import Digest
from safelight.kernel.lifecycle import NotPossibleNow

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
SAID = Said(
    yes=frozenset({Purpose.TAKE_AND_KEEP}),
    no=frozenset(Purpose) - {Purpose.TAKE_AND_KEEP},
    who=WhoAgreed.PATIENT,
    how=How.TOLD,
    wording=ENGLISH_1.id,
)
DECIDED = replace(SAID, who=WhoAgreed.BEST_INTERESTS, how=How.DECIDED, given=frozenset({Detail.ASSESSOR, Detail.REASON}))
PARENT = replace(SAID, who=WhoAgreed.PARENT, childs_view=ChildsView.AGREES, given=frozenset({Detail.NAME}))


def _consent(**how) -> tuple[Consent, list[Answer]]:
    consent = Consent(id=UUID(int=1), asked_at=NINE, **how)
    return consent, [Answer(purpose=purpose, yes=purpose <= 2) for purpose in Purpose]


@pytest.mark.parametrize(("state", "move"), list(product(ConsentState, ConsentMove)))
def test_a_consent_moves_only_from_standing(state, move):
    if state is ConsentState.STANDS:
        assert (
            CONSENT.after(state, move)
            is {ConsentMove.SUPERSEDE: ConsentState.SUPERSEDED, ConsentMove.WITHDRAW: ConsentState.WITHDRAWN}[move]
        )
        return
    with pytest.raises(NotPossibleNow):
        CONSENT.after(state, move)


@pytest.mark.requirement("B4")
def test_agrees_to_what_was_said_yes_to():
    assert rules.agreed(*_consent()) == {Purpose.TAKE_AND_KEEP, Purpose.ADVICE_HERE}


def test_does_not_agree_to_what_was_taken_back():
    consent, answers = _consent()
    answers[1].withdrawn_at = NINE
    assert rules.agreed(consent, answers) == {Purpose.TAKE_AND_KEEP}


@pytest.mark.requirement("B9")
def test_a_childs_no_counts_whatever_the_parent_says():
    assert rules.agreed(*_consent(childs_view=ChildsView.REFUSES)) == frozenset()
    assert rules.agreed(*_consent(childs_view=ChildsView.AGREES))


@pytest.mark.parametrize(
    ("after", "ended", "holds"),
    [(-1, None, False), (0, None, True), (5, None, True), (4, 5, True), (5, 5, False), (6, 5, False)],
)
def test_is_in_force_from_when_it_was_asked_until_it_ended(after, ended, holds):
    consent, _ = _consent(ended_at=None if ended is None else NINE + timedelta(minutes=ended))
    assert rules.in_force(consent, at=NINE + timedelta(minutes=after)) is holds


@pytest.mark.parametrize("purpose", list(Purpose))
def test_takes_no_purpose_for_granted(purpose):
    assert rules.unanswered(replace(SAID, yes=SAID.yes - {purpose}, no=SAID.no - {purpose})) == {purpose}
    assert rules.unanswered(replace(SAID, yes=SAID.yes | {purpose}, no=SAID.no | {purpose})) == {purpose}
    assert rules.unanswered(SAID) == frozenset()


@pytest.mark.requirement("B8")
@pytest.mark.parametrize("detail", [Detail.ASSESSOR, Detail.REASON])
def test_best_interests_need_an_assessor_and_a_reason(detail):
    assert rules.missing(DECIDED) == ()
    assert rules.missing(replace(DECIDED, given=DECIDED.given - {detail})) == (detail,)


@pytest.mark.parametrize(("who", "how"), [(WhoAgreed.BEST_INTERESTS, How.TOLD), (WhoAgreed.PATIENT, How.DECIDED)])
def test_best_interests_are_decided_and_nothing_else_is(who, how):
    assert "how" in rules.missing(replace(SAID, who=who, how=how))


@pytest.mark.requirement("B9")
def test_a_parent_has_a_name_and_the_child_a_view():
    assert rules.missing(PARENT) == ()
    assert rules.missing(replace(PARENT, given=frozenset())) == (Detail.NAME,)
    assert rules.missing(replace(PARENT, childs_view=None)) == ("childs_view",)
    assert rules.missing(replace(SAID, childs_view=ChildsView.AGREES)) == ("childs_view",)


def test_an_attorney_has_a_name():
    assert rules.missing(replace(SAID, who=WhoAgreed.ATTORNEY)) == (Detail.NAME,)


def test_spoken_consent_is_whole_without_a_signature():
    assert rules.missing(SAID) == ()
    assert rules.missing(replace(SAID, how=How.PAPER)) == ()


@pytest.mark.parametrize("given", [Detail.SIGNATURE, Detail.SIGNED_NAME])
def test_what_is_called_signed_has_a_signature_or_a_typed_name(given):
    assert rules.missing(replace(SAID, how=How.SIGNED)) == (Detail.SIGNATURE,)
    assert rules.missing(replace(SAID, how=How.SIGNED, given=frozenset({given}))) == ()


@pytest.mark.requirement("B7")
@pytest.mark.parametrize("purpose", list(Purpose))
def test_only_care_is_decided_in_best_interests(purpose):
    beyond = rules.beyond_care(replace(DECIDED, yes=frozenset({purpose})))
    assert beyond == ({purpose} if purpose >= Purpose.TEACH_HERE else frozenset())
    assert rules.beyond_care(replace(SAID, yes=frozenset({purpose}))) == frozenset()


def test_the_same_is_the_same_consent_by_the_same_with_the_same_answers():
    consent, _ = _consent(who_agreed=WhoAgreed.PATIENT)
    same = replace(SAID, same_as=consent.pk)
    assert rules.still_the_same(same, consent, SAID.yes)
    assert not rules.still_the_same(same, None, SAID.yes)
    assert not rules.still_the_same(same, consent, SAID.yes | {Purpose.TEACH_HERE})
    assert not rules.still_the_same(replace(same, same_as=UUID(int=9)), consent, SAID.yes)
    assert not rules.still_the_same(replace(same, who=WhoAgreed.PARENT), consent, SAID.yes)
    assert not rules.still_the_same(replace(DECIDED, same_as=consent.pk), _consent(who_agreed=WhoAgreed.BEST_INTERESTS)[0], DECIDED.yes)


def test_a_consent_owed_is_late_after_its_day_and_never_once_settled():
    owed = ConsentOwed(due_at=NINE)
    assert not rules.overdue(owed, now=NINE)
    assert rules.overdue(owed, now=NINE + timedelta(seconds=1))
    assert not rules.overdue(ConsentOwed(due_at=NINE, settled_at=NINE), now=NINE + timedelta(days=9))


@pytest.mark.parametrize(
    ("role", "asks", "words"),
    [(Role.CLINICIAN, True, False), (Role.PHOTOGRAPHER, True, False), (Role.IG_LEAD, False, False), (Role.ADMINISTRATOR, False, True)],
)
def test_asking_and_wording_are_different_roles(role, asks, words):
    actor = Actor(kind=ActorKind.STAFF, id=UUID(int=3), roles=frozenset({role}))
    assert (rules.may_ask(actor), rules.may_word(actor)) == (asks, words)


def test_the_words_that_were_released_never_change():
    said = "|".join([ENGLISH_1.say, *(f"{each.ask}/{each.hint}" for each in ENGLISH_1.questions)])
    assert Digest.of(said.encode()) == "c92bc58ec6bedc99029cb0a5d269960262ce64acd6cfa8d244acf7b759bc4b88"
