"""What the outbox promises, tried with a real worker process on the database of the test."""

import signal
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.contracts import outbox_flows as flows
from tests.servers import worker
from tests.servers.worker import wait_until

from safelight.outbox import flows as seam
from safelight.outbox.flows import enqueue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.goal("R2")]
MODULE = "tests.contracts.outbox_flows"


@pytest.fixture
def promise(tmp_path):
    def make(flow, key, **how):
        enqueue(flow, str(tmp_path), queue="frames", key=f"{tmp_path.name}:{key}", **how)

    return make


@pytest.fixture
def ran(tmp_path):
    def read(word: str = "") -> list[str]:
        file = Path(tmp_path, "ran")
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in lines if line.startswith(word)]

    return read


def _end(promise) -> None:
    """A last flow, so that a test can wait until the worker has passed everything before it."""
    with transaction.atomic():
        promise(flows.contract_plain, "end")


def test_refuses_a_promise_outside_a_transaction(promise):
    with pytest.raises(RuntimeError, match="inside the transaction"):
        promise(flows.contract_plain, "a")


def test_a_rolled_back_change_takes_its_flow_along(promise, ran):
    class Stop(Exception): ...

    with pytest.raises(Stop), transaction.atomic():
        promise(flows.contract_killed, "a")
        raise Stop
    _end(promise)
    with worker.running(MODULE):
        wait_until(ran)
    assert len(ran("one")) == 1
    assert ran("two") == []


def test_a_rolled_back_savepoint_takes_its_flow_along_and_a_kept_one_keeps_it(promise, ran):
    class Stop(Exception): ...

    with transaction.atomic():
        try:
            with transaction.atomic():
                promise(flows.contract_refused, "lost")
                raise Stop
        except Stop:
            pass
        with transaction.atomic():
            promise(flows.contract_away, "kept")
    with worker.running(MODULE):
        wait_until(lambda: len(ran("away")) == 3)
    assert ran("refused") == []


def test_one_key_runs_once_even_after_its_flow_has_finished(promise, ran):
    with transaction.atomic():
        promise(flows.contract_plain, "same")
        promise(flows.contract_plain, "same")
    with worker.running(MODULE):
        wait_until(ran)
        with transaction.atomic():
            promise(flows.contract_plain, "same")
            promise(flows.contract_refused, "last")
        wait_until(lambda: ran("refused"))
    assert len(ran("one")) == 1


def test_works_after_django_reconnects(promise, ran):
    with transaction.atomic():
        promise(flows.contract_refused, "before")
    connection.close()
    with transaction.atomic():
        promise(flows.contract_plain, "after")
    with worker.running(MODULE):
        wait_until(lambda: ran("one") and ran("refused"))


def test_kill_9_repeats_the_interrupted_step_and_not_the_finished_one(promise, ran):
    with transaction.atomic():
        promise(flows.contract_killed, "a")
    assert worker.one_life(MODULE) == -signal.SIGKILL  # before or after it says that it serves
    with worker.running(MODULE):
        wait_until(lambda: len(ran("two")) == 2)
    assert len(ran("one")) == 1


def test_a_refusal_is_an_answer_and_what_is_away_is_asked_again_with_doubling_waits(promise, ran):
    with transaction.atomic():
        promise(flows.contract_refused, "no")
        promise(flows.contract_away, "away")
    with worker.running(MODULE):
        wait_until(lambda: len(ran("away")) == 3)
    assert len(ran("refused")) == 1
    times = [float(line.split()[1]) for line in ran("away")]
    assert times[1] - times[0] > 0.095  # the step waits 0.1 s, then twice as long; a busy machine adds to both
    assert times[2] - times[1] > 0.19


@pytest.mark.slow
def test_a_flow_that_kills_its_worker_is_given_up_and_the_worker_lives(promise, ran):
    with transaction.atomic():
        promise(flows.contract_deadly, "a")
    for _ in range(6):
        assert worker.one_life(MODULE) == -signal.SIGKILL
    _end(promise)
    with worker.running(MODULE) as last:
        wait_until(lambda: ran("one"))
        assert last.process.poll() is None
    assert len(ran("deadly")) == 6


def test_the_engine_stores_identifiers_only(promise, ran):
    with transaction.atomic():
        promise(flows.contract_refused, "a")
    with worker.running(MODULE):
        wait_until(lambda: ran("refused"))
    table = "workflow_status" if connection.vendor == "sqlite" else "dbos.workflow_status"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT inputs FROM {table}")
        stored = [str(row[0]) for row in cursor.fetchall()]
    assert stored
    assert all("py/object" not in text and "gASV" not in text for text in stored)


def test_a_worker_sees_at_a_glance_which_queue_has_something_waiting(promise):
    seam.close()
    system = seam.client()._sys_db
    try:
        seam._look_lightly(system)
        assert system.dequeue_scopes("frames") == []
        with transaction.atomic():
            promise(flows.contract_plain, "waits")
        assert system.dequeue_scopes("frames") == [None]
        assert system.dequeue_scopes("scan") == []
        with worker.running(MODULE):
            wait_until(lambda: system.dequeue_scopes("frames") == [])
    finally:
        seam.close()
