"""Several workers on one PostgreSQL: whoever lives takes up the work of those that do not, once, and not for ever."""

import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from tests.contracts import outbox_flows as flows
from tests.servers import worker
from tests.servers.worker import wait_until

from safelight.outbox import lease, promised
from safelight.outbox.flows import MOST_RUNS, enqueue

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.goal("R2"),
    pytest.mark.skipif("postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="SQLite is for one machine: a lock on a file"),
]
MODULE = "tests.contracts.outbox_flows"


@pytest.fixture
def ran(tmp_path):
    def read(word: str = "") -> list[str]:
        file = Path(tmp_path, "ran")
        lines = file.read_text().splitlines() if file.exists() else []
        return [line for line in lines if line.startswith(word)]

    return read


def _promise(flow, folder: Path, key: str) -> str:
    name = f"{folder.name}:{key}"
    with transaction.atomic():
        enqueue(flow, str(folder), queue="frames", key=name)
    return name


def _status(key: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM dbos.workflow_status WHERE workflow_uuid = %s", [key])
        return str(cursor.fetchone()[0])


def _taken_by(key: str) -> str | None:
    return next((taken.executor_id for taken in promised.taken() if taken.workflow_id == key), None)


def test_a_survivor_takes_up_the_flow_of_a_worker_that_never_returns(tmp_path, ran):
    key = _promise(flows.contract_killed, tmp_path, "a")
    assert worker.one_life(MODULE, name="one") == -signal.SIGKILL
    with worker.running(MODULE, name="two"):
        wait_until(lambda: _status(key) == "SUCCESS")
    assert (len(ran("one")), len(ran("two"))) == (1, 2)


def test_a_living_worker_keeps_its_flows(tmp_path, ran):
    slow = _promise(flows.contract_slow, tmp_path, "slow")
    with worker.running(MODULE, name="one"):
        wait_until(lambda: ran("slow"))
        lease.take_over("two", now=datetime.now(UTC))  # flows that another test's dead worker left may be handed back
        assert _taken_by(slow) == "one"
        Path(tmp_path, "go").touch()
        wait_until(lambda: _status(slow) == "SUCCESS")
    assert len(ran("slow")) == 1


@pytest.mark.slow
def test_a_frozen_worker_is_given_up_and_ends_when_it_thaws(tmp_path, ran):
    with worker.running(MODULE, name="one") as frozen:
        key = _promise(flows.contract_frozen, tmp_path, "a")
        wait_until(lambda: ran("freezing"))
        with worker.running(MODULE, name="two"):
            wait_until(lambda: _status(key) == "SUCCESS", 180)
            frozen.thaw()
            assert frozen.process.wait(60) == 75
    assert ran("thawed") == []
    assert (len(ran("one")), len(ran("freezing"))) == (1, 2)


@pytest.mark.slow
def test_a_flow_that_kills_every_worker_that_takes_it_is_given_up(tmp_path, ran):
    key = _promise(flows.contract_deadly, tmp_path, "a")
    for number in range(MOST_RUNS):
        assert worker.one_life(MODULE, name=f"worker-{number}") == -signal.SIGKILL
    with worker.running(MODULE, name="last") as last:
        wait_until(lambda: _status(key) == "CANCELLED")
        _promise(flows.contract_plain, tmp_path, "end")
        wait_until(lambda: ran("one"))
        assert last.process.poll() is None
    assert len(ran("deadly")) == MOST_RUNS


def test_a_second_bearer_of_a_name_waits_until_the_first_has_gone(tmp_path, ran):
    log = tmp_path / "log"
    with worker.running(MODULE, name="same") as first:
        second = worker.begin(MODULE, name="same", log=log)
        try:
            wait_until(lambda: _bearers("same") == 2)
            _promise(flows.contract_plain, tmp_path, "a")
            wait_until(lambda: ran("one"))
            first.kill()
            _promise(flows.contract_refused, tmp_path, "b")
            wait_until(lambda: ran("refused"))
        finally:
            second.kill()


def _bearers(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [f"safelight worker {name}"])
        return int(cursor.fetchone()[0])
