"""What failed for good and was mended begins once more at the step that failed, by a person's word and a real worker."""

from pathlib import Path

import pytest
from django.db import connection, transaction
from tests.contracts import outbox_flows as flows
from tests.factories.staff import actor_of, make_person
from tests.servers import worker
from tests.servers.worker import wait_until

from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.outbox import promised, queries, tasks
from safelight.outbox.actions.try_again import try_again
from safelight.outbox.flows import enqueue

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.goal("R2")]
MODULE = "tests.contracts.outbox_flows"


def test_goes_on_at_the_step_that_failed_and_is_back_when_it_fails_again(tmp_path):
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {'workflow_status' if connection.vendor == 'sqlite' else 'dbos.workflow_status'}")

    def ran(word: str) -> int:
        file = Path(tmp_path, "ran")
        return sum(line.startswith(word) for line in file.read_text().splitlines()) if file.exists() else 0

    def stuck() -> list:
        tasks.note_stuck("now")
        return queries.stuck(ada)

    ada, key = actor_of(make_person("ada", roles=[Role.ADMINISTRATOR])), f"{tmp_path.name}:a"
    with transaction.atomic():
        enqueue(flows.contract_mended, str(tmp_path), queue="frames", key=key)
    with worker.running(MODULE):
        wait_until(lambda: len(promised.failed()) == 1)
        [row] = stuck()
        assert (row.flow, row.why) == (key, promised.IN_VAIN)
        try_again(by=ada, stuck_id=row.pk, now=clock.now())
        wait_until(lambda: len(promised.failed()) == 2)  # nobody had mended it
        [row] = stuck()
        assert row.flow == f"{key}:again"
        Path(tmp_path, "mended").touch()
        try_again(by=ada, stuck_id=row.pk, now=clock.now())
        wait_until(lambda: ran("done") == 1)
    assert (ran("one"), ran("needing")) == (1, 4)
    assert stuck() == []
