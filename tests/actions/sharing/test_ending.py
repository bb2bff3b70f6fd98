"""How a share ends: taken back, consent lowered, photo moved or not to be shared, time over. Opening asks all of it again."""

import inspect
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from tests.factories.consent import make_consent
from tests.factories.photographs import facts_of, make_record
from tests.factories.sharing import answer, ask, make_asked, make_shareable, not_to_be_shared, one_asked, open_it
from tests.factories.staff import actor_of, make_person

from safelight.consent.actions.withdraw_consent import withdraw_consent
from safelight.consent.models import Consent, Purpose
from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.kernel.errors import NotFound
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.photographs import moving
from safelight.photographs.actions.correct_patient import correct_patient
from safelight.photographs.reasons import MoveReason
from safelight.sharing import tasks
from safelight.sharing.actions.expire_opinions import expire_opinions
from safelight.sharing.actions.note_answer_read import note_answer_read
from safelight.sharing.actions.pass_on import pass_on
from safelight.sharing.actions.take_back import take_back
from safelight.sharing.actions.view_opinion import view_opinion
from safelight.sharing.actions.view_shared_copy import view_shared_copy
from safelight.sharing.asking import Recipient
from safelight.sharing.errors import NoConsentToShare, NotOpenYet, OpinionOver
from safelight.sharing.lifecycle import ShareState
from safelight.sharing.models import Opening, Opinion, Quick
from safelight.sharing.rules import Ended

pytestmark = pytest.mark.django_db


def take_it_back(shareable, opinion):
    return take_back(by=shareable.record.by, opinion_id=opinion.pk, why=Ended.ASKER, now=clock.now())


def lower(shareable, *purposes: Purpose):
    withdraw_consent(by=shareable.record.by, consent_id=Consent.objects.get().pk, purposes=frozenset(purposes), now=clock.now())


def the_worker_ends(patient):
    inspect.unwrap(tasks.take_back_where_not_agreed)(str(patient.pk))


def waiting() -> dict[str, str]:
    """The flows that are to take something back, by their keys; other tests may have left some."""
    table = "workflow_status" if connection.vendor == "sqlite" else "dbos.workflow_status"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT workflow_uuid, name FROM {table} WHERE status = 'ENQUEUED' AND name LIKE 'take_back%'")
        return dict(cursor.fetchall())


def promised(*, since: dict[str, str]) -> list[str]:
    """Names of those that were promised since then, in order."""
    return sorted(name for key, name in waiting().items() if key not in since)


def look(opinion, person):
    return view_shared_copy(by=actor_of(person), item_id=opinion.items.get().pk, now=clock.now(), new_id=uuid4())


@pytest.mark.goal("S2")
def test_what_is_taken_back_is_shut_at_the_next_request_and_says_who_had_opened_it():
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    look(opinion, lim)
    take_it_back(shareable, opinion)
    for refused in (lambda: look(opinion, lim), lambda: open_it(opinion, lim), lambda: answer(opinion, lim)):
        with pytest.raises(OpinionOver):
            refused()
    [fact] = [one for one in facts_of("sharing.take_back") if one["fact"] == "sharing.OpinionTakenBack"]
    assert (fact["why"], fact["opened"], fact["sent"]) == ("asker", True, True)
    assert Opening.objects.filter(opinion=opinion).count() == 2


def test_only_the_asker_takes_back_and_only_once():
    shareable, opinion, lim = one_asked()
    for nobody in (lim, make_person("webb", "Sr E Webb")):
        with pytest.raises(NotFound):
            take_back(by=actor_of(nobody), opinion_id=opinion.pk, why=Ended.ASKER, now=clock.now())
    take_it_back(shareable, opinion)
    with pytest.raises(NotPossibleNow):
        take_it_back(shareable, opinion)


def test_an_answer_that_was_given_before_stays_and_can_be_confirmed():
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    answer(opinion, lim, quick=Quick.CALL_ME)
    take_it_back(shareable, opinion)
    note_answer_read(by=shareable.record.by, opinion_id=opinion.pk, answers=1, now=clock.now())
    opinion.refresh_from_db()
    assert (opinion.state, opinion.read_at is not None) == (ShareState.TAKEN_BACK, True)


@pytest.mark.requirement("B6")
@pytest.mark.requirement("L2")
def test_consent_is_asked_at_every_opening_and_at_every_look():
    shareable, opinion, lim = one_asked()
    unopened = ask(shareable, lim)
    open_it(opinion, lim)
    lower(shareable, Purpose.ADVICE_HERE)
    with pytest.raises(NoConsentToShare):
        look(opinion, lim)
    with pytest.raises(NoConsentToShare):
        open_it(unopened, lim)
    with pytest.raises(NoConsentToShare):
        view_opinion(by=actor_of(lim), opinion_id=opinion.pk, now=clock.now())
    with pytest.raises(NoConsentToShare):
        pass_on(
            by=actor_of(lim), opinion_id=opinion.pk, to=Recipient(person=make_asked("roy", "Ms D Roy").pk), now=clock.now(), new_id=uuid4()
        )
    opinion.refresh_from_db()
    assert opinion.state == ShareState.OPENED  # the refusal waits for nobody: the worker has not come yet


@pytest.mark.requirement("B6")
def test_lowered_consent_takes_back_what_rests_on_it_and_nothing_else():
    shareable, lim = make_shareable(yes=(1, 2, 4)), make_asked()
    opinion = ask(shareable, lim)
    lower(shareable, Purpose.TEACH_HERE)
    the_worker_ends(shareable.record.patient)
    open_it(opinion, lim)
    lower(shareable, Purpose.ADVICE_HERE)
    the_worker_ends(shareable.record.patient)
    opinion.refresh_from_db()
    assert (opinion.state, opinion.ended_why) == (ShareState.TAKEN_BACK, Ended.CONSENT)
    the_worker_ends(shareable.record.patient)


@pytest.mark.requirement("B6")
def test_each_of_them_promises_the_work_that_takes_back_in_its_own_transaction():
    shareable, lim = make_shareable(photos=2), make_asked()
    ask(shareable, lim)
    first, second = shareable.photographs
    before = waiting()
    with pytest.raises(RuntimeError), transaction.atomic():
        lower(shareable, Purpose.ADVICE_HERE)
        raise RuntimeError
    assert promised(since=before) == []
    lower(shareable, Purpose.ADVICE_HERE)
    assert promised(since=before) == ["take_back_of_patient"]
    not_to_be_shared(first, shareable.record.by)
    assert promised(since=before) == ["take_back_of_patient", "take_back_with_photo"]
    visit = make_record("RIGHT", "9990000026").visit.pk
    said = moving.prepare(shareable.record.by, photograph=second.pk, visit=visit, why=next(iter(MoveReason)), tombstones=(uuid4(),))
    correct_patient(by=shareable.record.by, photograph_id=second.pk, moving=said, now=clock.now())
    assert promised(since=before) == ["take_back_of_patient", "take_back_with_photo", "take_back_with_photo"]


def test_a_new_consent_that_still_says_yes_leaves_it_open():
    shareable, opinion, lim = one_asked()
    make_consent(shareable.record.patient, shareable.record.by, yes=(1, 2, 4))
    the_worker_ends(shareable.record.patient)
    open_it(opinion, lim)
    look(opinion, lim)


@pytest.mark.requirement("E5")
def test_a_photo_that_was_anothers_is_shut_at_once_and_its_question_taken_back():
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    right = make_record("RIGHT", "9990000026")
    photograph = shareable.photographs[0]
    prepared = moving.prepare(
        shareable.record.by, photograph=photograph.pk, visit=right.visit.pk, why=next(iter(MoveReason)), tombstones=(uuid4(),)
    )
    correct_patient(by=shareable.record.by, photograph_id=photograph.pk, moving=prepared, now=clock.now())
    with pytest.raises(NotFound):
        look(opinion, lim)
    inspect.unwrap(tasks.take_back_all_with)(str(photograph.pk), Ended.MOVED.value)
    opinion.refresh_from_db()
    assert (opinion.state, opinion.ended_why) == (ShareState.TAKEN_BACK, Ended.MOVED)


def test_a_photo_that_is_not_to_be_shared_is_shut_at_once_and_its_question_taken_back():
    shareable, opinion, lim = one_asked()
    open_it(opinion, lim)
    not_to_be_shared(shareable.photographs[0], shareable.record.by)
    with pytest.raises(NotFound):
        look(opinion, lim)
    inspect.unwrap(tasks.take_back_all_with)(str(shareable.photographs[0].pk), Ended.NOT_TO_SHARE.value)
    opinion.refresh_from_db()
    assert opinion.ended_why == Ended.NOT_TO_SHARE


@pytest.mark.goal("S2")
def test_time_ends_it_whether_or_not_the_clock_flow_has_come(time_machine):
    _, opinion, lim = one_asked()
    open_it(opinion, lim)
    time_machine.move_to(opinion.expires_at, tick=False)
    for refused in (lambda: look(opinion, lim), lambda: open_it(opinion, lim), lambda: answer(opinion, lim)):
        with pytest.raises(OpinionOver):
            refused()
    inspect.unwrap(tasks.note_expiry)("a minute")
    opinion.refresh_from_db()
    assert (opinion.state, opinion.ended_at, opinion.ended_why) == (ShareState.EXPIRED, opinion.expires_at, Ended.TIME)
    inspect.unwrap(tasks.note_expiry)("another minute")


def test_a_clock_set_back_before_it_was_asked_opens_nothing():
    _, opinion, lim = one_asked()
    with pytest.raises(NotOpenYet):
        open_it(opinion, lim, at=clock.now() - timedelta(days=1))


def test_an_answer_outlives_its_time_until_it_is_read():
    shareable, opinion, lim = one_asked()
    answer(opinion, lim)
    with pytest.raises(NotPossibleNow):
        expire_opinions(by=WORKER, opinion_ids=(opinion.pk,), now=opinion.expires_at)
    note_answer_read(by=shareable.record.by, opinion_id=opinion.pk, answers=1, now=opinion.expires_at + timedelta(days=1))
    assert Opinion.objects.get().state == ShareState.CLOSED


def test_nobody_but_the_worker_expires():
    _, opinion, _lim = one_asked()
    with pytest.raises(NotFound):
        expire_opinions(by=actor_of(make_asked()), opinion_ids=(opinion.pk,), now=opinion.expires_at)
