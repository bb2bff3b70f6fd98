"""A flow that failed begins once more. The engine is asked outside of actions: on SQLite it writes over a connection of its own."""

from safelight.outbox import promised
from safelight.outbox.flows import flow, step


@flow
def begin_again(key: str, new: str, queue: str) -> None:
    """Work that failed begins once more."""
    fork(key, new, queue)


@step(tries=6)
def fork(key: str, new: str, queue: str) -> None:
    promised.go_on_as(new, key=key, queue=queue)
