"""Flows of the house itself."""

from contextlib import suppress

from safelight.audit import checkpoint
from safelight.config.indexes import INDEXES
from safelight.config.keys import KeysAreTurning, alone
from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.outbox.flows import flow, step
from safelight.outbox.ticker import each_minute
from safelight.vault import reindexing


@each_minute
@flow
def keep_a_checkpoint(minute: str) -> None:
    """The ledger's size and root are signed and given to the witnesses."""
    sign_and_give(minute)


@step(tries=3)
def sign_and_give(minute: str) -> None:  # noqa: ARG001 - the minute is the key of the promise
    now = clock.now()
    made = checkpoint.make(now=now) if checkpoint.due(now=now) else checkpoint.newest()
    if made is not None:
        checkpoint.give_to_witnesses(made, checkpoint.configured_witnesses())


@each_minute
@flow
def end_a_turn_of_the_index_key(minute: str) -> None:
    """What the command left when it broke off is done here: every number is found by the newest key in play."""
    find_by_the_newest_key(minute)


@step(tries=3)
def find_by_the_newest_key(minute: str) -> None:  # noqa: ARG001 - the minute is the key of the promise
    if not reindexing.is_left(INDEXES):
        return
    with suppress(KeysAreTurning), alone():  # the command is at it
        reindexing.renew_all(INDEXES, by=WORKER, clock=clock.now)
