from collections.abc import Callable, Sequence
from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.vault.facts import KeysRewrapped


@action
def apply_rewraps(*, by: Actor, rewraps: Sequence[Callable[[], bool]], key_id: str, of: str, now: datetime) -> int:  # noqa: ARG001 - every action is told who acts, and when
    """Put keys that were wrapped anew in the place of the old ones; returns how many.

    1. Each goes in only where the old one still is: what somebody else wrote meanwhile stays, and has its turn at the next pass.
    2. `of` names the table, never a row.
    """
    done = sum(rewrap() for rewrap in rewraps)  # (1)
    state(KeysRewrapped(key=key_id, of=of, rows=done, changed_meanwhile=len(rewraps) - done))  # (2)
    return done
