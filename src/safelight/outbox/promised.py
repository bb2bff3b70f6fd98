"""What became of promises: reading the engine's own rows, and moving a flow that does not move by itself."""

from collections.abc import Iterable
from datetime import UTC, datetime

from dbos import SetWorkflowID, WorkflowStatus

from safelight.kernel.errors import every_error
from safelight.outbox.flows import VERSION, client

FAILED = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "CANCELLED"]
FINISHED = ["SUCCESS", *FAILED]
MOST = 1000
IN_VAIN, KILLED, FAULT = "tried_in_vain", "ended_its_workers", "fault"


def taken(*, by: str | None = None) -> list[WorkflowStatus]:
    """Flows that workers have taken and not ended, of one worker or of all."""
    return client().list_workflows(status="PENDING", executor_id=by, load_input=False, load_output=False)


def waiting() -> list[WorkflowStatus]:
    """Flows that no worker has taken yet, the oldest first, at most a thousand."""
    return client().list_workflows(status="ENQUEUED", load_input=False, load_output=False, limit=MOST)


def failed() -> list[WorkflowStatus]:
    """Flows that ended for good without doing what they should, the newest first, at most a thousand."""
    return client().list_workflows(status=FAILED, load_input=False, load_output=False, sort_desc=True, limit=MOST)


def since(flow: WorkflowStatus) -> datetime:
    """Since when a flow could have begun."""
    return datetime.fromtimestamp(max(flow.created_at or 0, flow.delay_until_epoch_ms or 0) / 1000, UTC)


def ended_at(flow: WorkflowStatus) -> datetime:
    """When a flow came to its end, as the engine wrote it down."""
    return datetime.fromtimestamp((flow.completed_at or flow.updated_at or 0) / 1000, UTC)


def why(key: str) -> str:
    """The code of what ended a flow. Never the words of an exception: those may hold what is nobody's business."""
    found = client().list_workflows(workflow_ids=[key], load_input=False)
    if not found or found[0].status != "ERROR":
        return KILLED
    error = found[0].error
    code = str(getattr(error, "code", None) or "")
    if code in every_error():
        return code
    return IN_VAIN if getattr(error, "name", "") == "DBOSMaxStepRetriesExceeded" else FAULT


def hand_back(key: str, *, queue: str | None) -> None:
    """Give a flow back to its queue: whoever takes it goes on behind the last finished step. Clears the engine's count of runs."""
    client().resume_workflow(key, queue_name=queue)


def give_up(key: str) -> None:
    """Cancel a flow that has not ended."""
    client().cancel_workflow(key)


def go_on_as(new: str, *, key: str, queue: str) -> None:
    """Begin a flow that has failed once more under a new key, at the step that failed. Doing it twice is harmless."""
    if client().list_workflows(workflow_ids=[new], load_input=False, load_output=False):
        return
    steps = client().list_workflow_steps(key)
    broken = [one["function_id"] for one in steps if one["error"] is not None]
    first = min(broken) if broken else max((one["function_id"] for one in steps), default=0) + 1
    with SetWorkflowID(new):
        client().fork_workflow(key, first, application_version=VERSION, queue_name=queue)


def remove_finished(*, before: datetime, most: int, only: str | None = None, keep: Iterable[str] = ()) -> int:
    """Delete the engine's rows of flows that were promised before a time and have ended, the oldest first; returns how many."""
    found = client().list_workflows(
        status=FINISHED if only is None else "SUCCESS",
        queue_name=only,
        end_time=before.astimezone(UTC).isoformat(),
        load_input=False,
        load_output=False,
        limit=most,
    )
    held = set(keep)
    gone = [flow.workflow_id for flow in found if flow.workflow_id not in held]
    if gone:
        client().delete_workflows(gone)
    return len(gone)
