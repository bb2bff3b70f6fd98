"""Flows of the house itself."""

from safelight.audit import checkpoint
from safelight.kernel import clock
from safelight.outbox.flows import flow, step
from safelight.outbox.ticker import each_minute


@each_minute
@flow
def keep_a_checkpoint(minute: str) -> None:
    """The ledger's size and root are signed and given to the witnesses."""
    sign_and_give(minute)


@step(tries=3)
def sign_and_give(minute: str) -> None:  # noqa: ARG001 - the minute is the key of the promise
    now = clock.now()
    if checkpoint.due(now=now):
        made = checkpoint.make(now=now)
        if made is not None:
            checkpoint.give_to_witnesses(made, checkpoint.configured_witnesses())
