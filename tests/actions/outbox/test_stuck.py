"""Work that ended badly is put before a person, who has it begin again or gives it up, by name and on the record."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from tests.contracts import outbox_flows
from tests.factories.staff import actor_of, make_person

from safelight.audit.models import Entry
from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Role
from safelight.kernel.errors import NotFound
from safelight.outbox import errors, promised, queries, rules, tasks
from safelight.outbox.actions.give_up import give_up
from safelight.outbox.actions.try_again import try_again
from safelight.outbox.flows import enqueue
from safelight.outbox.models import Stuck

pytestmark = pytest.mark.django_db(transaction=True)


def _table() -> str:
    return "workflow_status" if connection.vendor == "sqlite" else "dbos.workflow_status"


def _set(key: str, **values: object) -> None:
    with connection.cursor() as cursor:
        columns = ", ".join(f"{name} = %s" for name in values)
        cursor.execute(f"UPDATE {_table()} SET {columns} WHERE workflow_uuid = %s", [*values.values(), key])


@pytest.fixture(autouse=True)
def _no_older_flows():
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_table()}")


@pytest.fixture
def flow(tmp_path):
    """A promised flow, and how the engine says that it went."""

    def make(status: str = "MAX_RECOVERY_ATTEMPTS_EXCEEDED", *, queue: str = "frames", ago: timedelta = timedelta(0)) -> str:
        key = f"plain:{uuid4()}"
        with transaction.atomic():
            enqueue(outbox_flows.contract_plain, str(tmp_path), queue=queue, key=key)
        at = int((time.time() - ago.total_seconds()) * 1000)
        ended = {} if status == "ENQUEUED" else {"completed_at": at, "updated_at": at}
        _set(key, status=status, created_at=at, **ended)
        return key

    return make


@pytest.fixture
def ada():
    return actor_of(make_person("ada", roles=[Role.ADMINISTRATOR]))


def _listed(ada) -> list[Stuck]:
    tasks.note_stuck("now")
    return queries.stuck(ada)


@pytest.mark.parametrize("status", promised.FAILED)
def test_what_ended_badly_is_listed_once_in_words(flow, ada, status):
    key = flow(status)
    _listed(ada)
    [row] = _listed(ada)
    assert (row.flow, row.what, row.queue) == (key, "Something happens once.", "frames")
    assert row.why in {promised.KILLED, promised.FAULT}


def test_what_is_well_or_under_way_is_not_listed(flow, ada):
    for status in ("SUCCESS", "PENDING", "ENQUEUED"):
        flow(status)
    assert _listed(ada) == []


def test_work_of_the_clock_has_one_row_however_often_it_fails_and_comes_back_when_it_fails_anew(flow, ada):
    flow(queue="clock", ago=timedelta(minutes=3))
    newest = flow(queue="clock", ago=timedelta(minutes=2))
    [row] = _listed(ada)
    assert row.flow == newest
    give_up(by=ada, stuck_id=row.pk, reason="The witness is away until Monday", now=clock.now())
    assert _listed(ada) == []
    again = flow(queue="clock", ago=timedelta(seconds=-5))
    assert [row.flow for row in _listed(ada)] == [again]


def test_nobody_else_sees_or_decides(flow, ada):
    flow()
    [row] = _listed(ada)
    nurse = actor_of(make_person("nurse", roles=[Role.CLINICIAN]))
    for other in (nurse, WORKER):
        assert queries.stuck(other) == []
        with pytest.raises(NotFound):
            queries.one(other, row.pk)
        with pytest.raises(errors.NotYours):
            try_again(by=other, stuck_id=row.pk, now=clock.now())
        with pytest.raises(errors.NotYours):
            give_up(by=other, stuck_id=row.pk, reason="x", now=clock.now())
    assert queries.stuck_count(ada) == 1


def test_is_given_up_with_a_reason_by_name_and_once(flow, ada):
    key = flow()
    [row] = _listed(ada)
    with pytest.raises(errors.SayWhy):
        give_up(by=ada, stuck_id=row.pk, reason="  ", now=clock.now())
    give_up(by=ada, stuck_id=row.pk, reason="Known and harmless", now=clock.now())
    row.refresh_from_db()
    assert (row.settled, row.settled_by, row.reason) == ("given_up", ada.id, "Known and harmless")
    assert "outbox.FlowGivenUp" in Entry.objects.order_by("-seq").first().body.decode()
    for decide in (
        lambda: give_up(by=ada, stuck_id=row.pk, reason="x", now=clock.now()),
        lambda: try_again(by=ada, stuck_id=row.pk, now=clock.now()),
    ):
        with pytest.raises(errors.SettledAlready):
            decide()
    assert _listed(ada) == []
    assert [flow.workflow_id for flow in promised.failed()] == [key]


@pytest.mark.parametrize("decide", [lambda **how: give_up(reason="x", **how), try_again])
def test_what_is_not_there_cannot_be_decided_about(ada, decide):
    with pytest.raises(NotFound):
        decide(by=ada, stuck_id=uuid4(), now=clock.now())


def test_trying_again_promises_the_work_under_a_key_of_its_own(flow, ada):
    key = flow()
    [row] = _listed(ada)
    try_again(by=ada, stuck_id=row.pk, now=clock.now())
    [begin] = [flow for flow in promised.waiting() if flow.name == "begin_again"]
    assert begin.queue_name == rules.CLOCK
    for _ in range(2):
        promised.go_on_as(f"{key}:again", key=key, queue="frames")
    assert [flow.workflow_id for flow in promised.waiting() if flow.queue_name == "frames"] == [f"{key}:again"]
    assert _listed(ada) == []


def test_work_that_waits_too_long_is_told_from_the_engine_itself(flow):
    now = clock.now()
    flow("ENQUEUED", ago=timedelta(minutes=4))
    assert queries.late(now=now) == []
    flow("ENQUEUED", queue="mail", ago=timedelta(minutes=2))
    flow("ENQUEUED", queue="scan", ago=timedelta(minutes=7))
    flow("ENQUEUED", queue="scan", ago=timedelta(minutes=6))
    assert [(row.queue, row.count) for row in queries.late(now=now)] == [("scan", 2), ("mail", 1)]


def test_removes_what_ended_a_month_ago_and_keeps_what_a_person_has_not_decided_about(flow, ada):
    undecided = flow("ERROR", ago=timedelta(days=31))
    _listed(ada)
    flow("SUCCESS", ago=timedelta(days=31))
    young, unended = flow("SUCCESS", ago=timedelta(days=29)), flow("ENQUEUED", ago=timedelta(days=40))
    flow("SUCCESS", queue="clock", ago=timedelta(days=2))
    minute = flow("SUCCESS", queue="clock", ago=timedelta(hours=20))
    tasks.remove_old("now")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT workflow_uuid FROM {_table()}")
        left = {row[0] for row in cursor.fetchall()}
    assert left == {undecided, young, unended, minute}


def test_removes_more_than_a_batch(flow, monkeypatch):
    monkeypatch.setattr(tasks, "BATCH", 2)
    for _ in range(5):
        flow("SUCCESS", ago=timedelta(days=31))
    tasks.remove_old("now")
    assert promised.remove_finished(before=clock.now(), most=10) == 0
