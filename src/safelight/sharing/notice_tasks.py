"""Work that notices have promised: each is sent at least once, and each step of the urgent clock is taken once.

A try that fails is not waited for in a slot: the next one is promised for later, so that a slow pager holds up nobody else.
"""

from uuid import UUID

from django.db import transaction

from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.kernel.errors import Refusal, SafelightError
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.outbox.flows import enqueue, flow, step
from safelight.outbox.ticker import each_minute
from safelight.sharing.actions.note_notice_failed import note_notice_failed
from safelight.sharing.actions.note_notice_sent import note_notice_sent
from safelight.sharing.actions.take_step import take_step
from safelight.sharing.models.notices import Kind
from safelight.sharing.notices import queries, sending


def queue_of(kind: str) -> str:
    """Mail servers may take long: what rings does not wait behind them."""
    return "mail" if kind == Kind.MAIL else "push"


@flow
def send_notice(notice_id: str) -> None:
    """Somebody is told that a question waits, or what became of theirs."""
    if deliver_notice(notice_id):
        note_delivery(notice_id)  # a step of its own: when only this fails, nothing is sent again


@flow
def tell_the_next(step_id: str) -> None:
    """The urgent clock of a question takes its next step."""
    take_one_step(step_id)


@each_minute
@flow
def take_missed_steps(minute: str) -> None:
    """Steps of urgent clocks are taken that were missed, and notices promised again whose work was given up."""
    take_all_due(minute)
    promise_late_notices(minute)


@step(tries=5)
def deliver_notice(notice_id: str) -> bool:
    """Send one notice. Whether it went out; why it did not stands in its row, and the next try is promised with it."""
    errand = sending.errand(WORKER, UUID(notice_id), now=clock.now())
    if errand is None:
        return False
    try:
        sending.send(errand, now=clock.now())
    except SafelightError as fault:
        _note_failure(errand, fault.code, for_good=isinstance(fault, Refusal))
        return False
    return True


@step(tries=8)
def note_delivery(notice_id: str) -> None:
    try:
        note_notice_sent(by=WORKER, notice_id=UUID(notice_id), now=clock.now())
    except NotPossibleNow:  # an earlier run noted it
        return


@step(tries=5)
def take_one_step(step_id: str) -> None:
    if UUID(step_id) in queries.steps_due(WORKER, now=clock.now()):
        _take(UUID(step_id))


@step(tries=3)
def take_all_due(minute: str) -> None:  # noqa: ARG001 - the minute is the key of the promise
    for step_id in queries.steps_due(WORKER, now=clock.now()):
        _take(step_id)


@step(tries=3)
def promise_late_notices(minute: str) -> None:
    """What the engine gave up, because workers died over it again and again, is promised again once an hour: its row knows better."""
    late = queries.notices_late(WORKER, now=clock.now())
    with transaction.atomic():
        for notice in late:
            enqueue(send_notice, notice.pk, queue=queue_of(notice.kind), key=f"notice:{notice.pk}:late:{minute.partition(':')[0]}")


def _take(step_id: UUID) -> None:
    try:
        take_step(by=WORKER, step_id=step_id, now=clock.now())
    except NotPossibleNow:  # somebody else was first
        return


def _note_failure(errand: sending.Errand, why: str, *, for_good: bool) -> None:
    try:
        note_notice_failed(by=WORKER, notice_id=errand.notice, tries=errand.tries, why=why, for_good=for_good, now=clock.now())
    except NotPossibleNow:  # an earlier run noted it
        return
