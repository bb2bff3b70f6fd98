"""What notices and the urgent clock do about opinions, in the same transaction: what is owed commits with what it is owed for."""

from datetime import datetime

from django.conf import settings

from safelight.audit.listeners import on
from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.outbox.flows import enqueue
from safelight.sharing.actions.move_clock import move_clock
from safelight.sharing.actions.tell_asker import tell_asker
from safelight.sharing.actions.tell_those_asked import tell_those_asked
from safelight.sharing.facts import (
    OpinionAnswered,
    OpinionAsked,
    OpinionExpired,
    OpinionOpened,
    OpinionPassedOn,
    OpinionTakenBack,
    OpinionTakenOn,
)
from safelight.sharing.mail_facts import LetterNotSent, LetterReturned
from safelight.sharing.models.notices import Notice, Says
from safelight.sharing.notice_facts import NoticeNotSent, NoticesPromised, StepSet
from safelight.sharing.notice_tasks import queue_of, send_notice, tell_the_next
from safelight.sharing.notices.rules import ClockRules
from safelight.sharing.rules import Ended

# The engine's clock and ours may differ by a little: a step that is asked for too early would wait for the next minute.
MARGIN = 0.2


@on(OpinionAsked)
def those_asked_are_told(fact: OpinionAsked) -> None:
    tell_those_asked(by=WORKER, opinion_id=fact.opinion, fixed=_rules(), occasion="asked", now=clock.now())


@on(OpinionPassedOn)
def the_next_are_told(fact: OpinionPassedOn) -> None:
    now = clock.now()
    occasion = f"passed|{fact.team or fact.person}|{now.isoformat()}"
    tell_those_asked(by=WORKER, opinion_id=fact.opinion, fixed=_rules(), occasion=occasion, now=now)


@on(OpinionOpened)
def the_clock_counts_from_the_opening(fact: OpinionOpened) -> None:
    if fact.first:
        move_clock(by=WORKER, opinion_id=fact.opinion, opened=True, now=clock.now())


@on(OpinionTakenOn)
def somebody_is_on_it(fact: OpinionTakenOn) -> None:
    now = clock.now()
    move_clock(by=WORKER, opinion_id=fact.opinion, opened=False, now=now)
    tell_asker(by=WORKER, opinion_id=fact.opinion, says=Says.TAKEN_ON, occasion=f"taken_on|{now.isoformat()}", now=now)


@on(OpinionAnswered)
def there_is_an_answer(fact: OpinionAnswered) -> None:
    now = clock.now()
    move_clock(by=WORKER, opinion_id=fact.opinion, opened=False, now=now)
    tell_asker(by=WORKER, opinion_id=fact.opinion, says=Says.ANSWERED, occasion=f"answered|{fact.answer}", now=now)


@on(OpinionTakenBack)
def it_was_taken_back(fact: OpinionTakenBack) -> None:
    """Where the asker did not do it, the asker waits for an answer that will not come."""
    now = clock.now()
    move_clock(by=WORKER, opinion_id=fact.opinion, opened=False, now=now)
    if fact.why != Ended.ASKER:
        tell_asker(by=WORKER, opinion_id=fact.opinion, says=Says.TAKEN_BACK, occasion="taken_back", now=now)


@on(OpinionExpired)
def it_expired(fact: OpinionExpired) -> None:
    now = clock.now()
    move_clock(by=WORKER, opinion_id=fact.opinion, opened=False, now=now)
    tell_asker(by=WORKER, opinion_id=fact.opinion, says=Says.EXPIRED, occasion="expired", now=now)


@on(LetterReturned)
def a_letter_came_back(fact: LetterReturned) -> None:
    tell_asker(by=WORKER, opinion_id=fact.opinion, says=Says.NOT_DELIVERED, occasion=f"letter|{fact.posting}", now=clock.now())


@on(LetterNotSent)
def a_letter_was_given_up(fact: LetterNotSent) -> None:
    if fact.for_good:
        tell_asker(by=WORKER, opinion_id=fact.opinion, says=Says.NOT_DELIVERED, occasion=f"letter|{fact.posting}", now=clock.now())


@on(NoticesPromised)
def notices_are_owed(fact: NoticesPromised) -> None:
    for notice in Notice.objects.filter(pk__in=fact.notices):
        after = _seconds(notice.promised_at, notice.due_at)
        enqueue(send_notice, notice.pk, queue=queue_of(notice.kind), key=f"notice:{notice.pk}", after=after)


@on(NoticeNotSent)
def another_try_is_owed(fact: NoticeNotSent) -> None:
    """Each try has a key of its own; what waits for it holds no slot."""
    if fact.again_at is not None:
        after = _seconds(fact.at, fact.again_at)
        enqueue(send_notice, fact.notice, queue=queue_of(fact.kind), key=f"notice:{fact.notice}:{fact.tries}", after=after)


@on(StepSet)
def a_step_is_owed(fact: StepSet) -> None:
    enqueue(tell_the_next, fact.step, queue="push", key=f"step:{fact.step}", after=_seconds(fact.since, fact.due_at) + MARGIN)


def _seconds(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds())


def _rules() -> ClockRules:
    return ClockRules(minutes=settings.SAFELIGHT_URGENT_CLOCK, unanswered=settings.SAFELIGHT_UNANSWERED_AFTER)
