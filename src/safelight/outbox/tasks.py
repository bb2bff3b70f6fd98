"""The outbox looks after itself: what ended badly is put before a person, and what ended long ago is removed."""

import time
from uuid import uuid4

from dbos import WorkflowStatus

from safelight.kernel import clock
from safelight.outbox import again, promised, rules  # noqa: F401 - entered by being imported
from safelight.outbox.flows import flow, said_of, step
from safelight.outbox.models import Stuck, Takeover
from safelight.outbox.ticker import each_minute

BATCH, BATCHES = 500, 4
BREATH = 0.005  # seconds: a writer that never pauses starves the pages on SQLite


@each_minute
@flow
def list_stuck(minute: str) -> None:
    """Work that ended badly is put before a person."""
    note_stuck(minute)


@step(tries=3)
def note_stuck(minute: str) -> None:  # noqa: ARG001 - the minute is the key of the promise
    ended = {key_of(flow): flow for flow in reversed(promised.failed())}  # of a clock flow's failures the newest stays
    known = {row.key: row for row in Stuck.objects.filter(key__in=list(ended))}
    for key, flow_ in ended.items():
        row = known.get(key)
        if row is not None and (row.flow == flow_.workflow_id or row.settled == ""):
            continue
        if row is not None and row.settled_at is not None and promised.ended_at(flow_) <= row.settled_at:
            continue
        _put(key, flow_)


@each_minute
@flow
def remove_finished(minute: str) -> None:
    """What ended a month ago is removed from the tables of work."""
    remove_old(minute)


@step(tries=3)
def remove_old(minute: str) -> None:  # noqa: ARG001 - the minute makes the work once
    """A batch at a time, so that no night is long; what a person has not decided about stays."""
    now = clock.now()
    kept = list(Stuck.objects.filter(settled="").values_list("flow", flat=True))
    for only, age in ((rules.CLOCK, rules.CLOCK_KEPT_FOR), (None, rules.KEPT_FOR)):
        for _ in range(BATCHES):
            if promised.remove_finished(before=now - age, most=BATCH + len(kept), only=only, keep=kept) < BATCH:
                break
            time.sleep(BREATH)
    Takeover.objects.filter(at__lt=now - rules.KEPT_FOR).delete()


def key_of(flow_: WorkflowStatus) -> str:
    """What a row is about: the flow, or all flows of one name where the clock promises one a minute."""
    return str(flow_.name if flow_.queue_name == rules.CLOCK else flow_.workflow_id)


def _put(key: str, flow_: WorkflowStatus) -> None:
    owner, what = said_of(flow_.name)
    said = {
        "flow": flow_.workflow_id,
        "queue": flow_.queue_name or "",
        "what": what or flow_.name,
        "why": promised.why(flow_.workflow_id),
        "owner": owner,
        "since": promised.ended_at(flow_),
    }
    unsettled = {"settled": "", "settled_at": None, "settled_by": None, "reason": ""}
    Stuck.objects.update_or_create(key=key, defaults=said | unsettled, create_defaults={"pk": uuid4(), "key": key, **said})
