"""Flows that a worker took and nobody runs are handed back to their queue.

The engine looks for interrupted flows once, when a worker starts. Whatever goes wrong in that moment, or between taking a flow and
beginning it, would leave the flow with the worker's name on it until the next start, perhaps for weeks. So a worker looks again
and again:
1. A flow that bears its own name and that it does not run at two looks in a row is a stray. Two, because between taking and
   beginning, and between ending and writing that down, there is a moment.
2. Handing back is counted with the runs before it: a flow that was begun six times is given up, and a person is needed.
"""

from datetime import datetime

import structlog
from dbos import WorkflowStatus
from django.db import transaction

from safelight.outbox import flows, promised
from safelight.outbox.models import Takeover

log = structlog.get_logger()


class Strays:
    """What one worker has seen of its own flows."""

    def __init__(self, me: str) -> None:
        self._me = me
        self._suspected: set[tuple[str, int | None]] = set()

    def look(self, *, now: datetime) -> int:
        """Hand back what was not under way at the look before and is not now; returns how many."""
        held = {taken.workflow_id: taken for taken in promised.taken(by=self._me)}
        idle = {(key, held[key].dequeued_at) for key in flows.not_under_way(held)}
        strays, self._suspected = idle & self._suspected, idle - self._suspected
        for key, _ in strays:
            hand_back(held[key], now=now)
        return len(strays)


def hand_back(taken: WorkflowStatus, *, now: datetime) -> None:
    """Give a flow back to its queue, or up where it was begun too often."""
    key = taken.workflow_id
    with transaction.atomic():
        counted, _ = Takeover.objects.select_for_update().get_or_create(pk=key, defaults={"at": now})
        counted.runs, counted.at = counted.runs + max(1, taken.recovery_attempts or 1), now
        counted.save()
    if counted.runs >= flows.MOST_RUNS:
        log.error("flow.given_up", flow=key, runs=counted.runs)
        promised.give_up(key)
    else:
        log.warning("flow.handed_back", flow=key, runs=counted.runs, worker=taken.executor_id)
        promised.hand_back(key, queue=taken.queue_name)
