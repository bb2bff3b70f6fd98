from collections.abc import Callable, Sequence
from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.vault.facts import IndexesRenewed


@action
def renew_indexes(
    *,
    by: Actor,  # noqa: ARG001 - every action is told who acts, and when
    hold: Callable[[], None],
    renewals: Sequence[Callable[[], bool]],
    number: int,
    of: str,
    now: datetime,  # noqa: ARG001
) -> int:
    """Let some numbers be found by another index key; returns how many.

    1. Whoever enters numbers waits until this has ended, or has ended: `hold` sees to it.
    2. Each goes in only where the row still is as it was read: what somebody wrote meanwhile stays, and has its turn at the next pass.
    """
    hold()  # (1)
    done = sum(renewal() for renewal in renewals)  # (2)
    state(IndexesRenewed(number=number, of=of, rows=done, changed_meanwhile=len(renewals) - done))
    return done
