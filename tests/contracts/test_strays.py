"""Flows that a worker took and nobody runs: whatever went wrong, the living worker takes them up again, and not for ever."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.contracts import outbox_flows as flows
from tests.servers import worker
from tests.servers.worker import wait_until

from safelight.outbox.flows import MOST_RUNS, enqueue
from safelight.outbox.models import Takeover

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.goal("R2")]
MODULE = "tests.contracts.outbox_flows"


@pytest.fixture
def ran(tmp_path):
    def read(word: str = "") -> list[str]:
        file = Path(tmp_path, "ran")
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in lines if line.startswith(word)]

    return read


def _table() -> str:
    return "workflow_status" if connection.vendor == "sqlite" else "dbos.workflow_status"


def _status(key: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT status FROM {_table()} WHERE workflow_uuid = %s", [key])
        return str(cursor.fetchone()[0])


def _lost_claim(flow, folder: Path, key: str) -> str:
    """A flow as it lies there when a worker took it and could not begin it: a database that stopped between the two leaves this."""
    name = f"{folder.name}:{key}"
    with transaction.atomic():
        enqueue(flow, str(folder), queue="frames", key=name)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {_table()} SET status = 'PENDING', executor_id = 'worker', application_version = '1', recovery_attempts = 1,"
                " started_at_epoch_ms = %s, owner_xid = 'nobody' WHERE workflow_uuid = %s",
                [int(time.time() * 1000), name],
            )
    return name


@contextmanager
def _refusing_to_hand_back() -> Iterator[None]:
    """The database takes every change but the one that recovery makes."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TRIGGER tests_refuse BEFORE UPDATE ON workflow_status WHEN OLD.status = 'PENDING' AND NEW.status = 'ENQUEUED'"
                " BEGIN SELECT RAISE(ABORT, 'not now'); END"
            )
        else:
            cursor.execute(
                "CREATE FUNCTION tests_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now'; END $$;"
                "CREATE TRIGGER tests_refuse BEFORE UPDATE ON dbos.workflow_status FOR EACH ROW"
                " WHEN (OLD.status = 'PENDING' AND NEW.status = 'ENQUEUED') EXECUTE FUNCTION tests_refuse()"
            )
        try:
            yield
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("DROP TRIGGER tests_refuse")
            else:
                cursor.execute("DROP TRIGGER tests_refuse ON dbos.workflow_status; DROP FUNCTION tests_refuse()")


def test_a_flow_that_could_not_be_recovered_at_the_start_is_taken_up_by_the_same_worker(tmp_path, ran):
    with transaction.atomic():
        enqueue(flows.contract_killed, str(tmp_path), queue="frames", key=f"{tmp_path.name}:a")
    with worker.running(MODULE) as first:
        first.process.wait(60)
    log = tmp_path / "log"
    with _refusing_to_hand_back():
        second = worker.start(MODULE, log=log)
        try:
            wait_until(lambda: "not now" in log.read_text())
        except AssertionError:
            second.kill()
            raise
    try:
        wait_until(lambda: len(ran("two")) == 2, told=log.read_text)
        assert second.process.poll() is None
    finally:
        second.kill()
    assert len(ran("one")) == 1


def test_a_flow_that_was_taken_and_not_begun_is_handed_back_and_one_that_runs_is_left_alone(tmp_path, ran):
    with worker.running(MODULE):
        with transaction.atomic():
            enqueue(flows.contract_slow, str(tmp_path), queue="frames", key=f"{tmp_path.name}:slow")
        wait_until(lambda: ran("slow"))
        for number in range(2):  # each takes two looks at the flow that runs all the while
            _lost_claim(flows.contract_plain, tmp_path, f"lost-{number}")
            wait_until(lambda number=number: len(ran("one")) == number + 1)
        Path(tmp_path, "go").touch()
        wait_until(lambda: ran("went"))
    assert len(ran("slow")) == 1
    assert not Takeover.objects.filter(pk=f"{tmp_path.name}:slow").exists()
    assert Takeover.objects.get(pk=f"{tmp_path.name}:lost-0").runs == 1


def test_a_flow_that_was_begun_too_often_is_given_up(tmp_path, ran):
    Takeover.objects.create(pk=f"{tmp_path.name}:deadly", runs=MOST_RUNS - 1, at=datetime.now(UTC))
    with worker.running(MODULE):
        key = _lost_claim(flows.contract_refused, tmp_path, "deadly")
        wait_until(lambda: _status(key) == "CANCELLED")
        with transaction.atomic():
            enqueue(flows.contract_plain, str(tmp_path), queue="frames", key=f"{tmp_path.name}:end")
        wait_until(lambda: ran("one"))
    assert ran("refused") == []
