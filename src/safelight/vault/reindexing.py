"""Turning the key by which exact numbers are found, a batch at a time; whoever was interrupted goes on where the rows say.

1. The key is made in the key service, then noted in the database: from that moment it is in play, beside the old one (`indexes`).
2. Each index is made anew of what the row holds sealed; the old key is not needed for that, and both find the row meanwhile.
3. What is left to do is read from the rows themselves. A row that does not open is passed over and counted: it keeps its old index, and
   the old key stays.
4. A new key is made only when nothing is left of the one before, and two people agreed to it (`rotation`).
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from safelight.kernel.actor import Actor
from safelight.kernel.errors import Damage
from safelight.vault import chosen
from safelight.vault.actions.note_index_key import note_index_key
from safelight.vault.actions.renew_indexes import renew_indexes
from safelight.vault.indexes import in_play
from safelight.vault.rotation import BATCH, BREATH, Agreed, Clock

Renewal = Callable[[], bool]


class IndexColumn(Protocol):
    """Where blind indexes of one kind stand."""

    @property
    def name(self) -> str:
        """The table, as "package.Model"; it stands in the ledger."""

    def older(self, number: int) -> Iterator[Callable[[], Renewal]]:
        """Every row that is found by an older key than this: each makes its index anew, and says how to put it in if it still fits."""

    def count(self, number: int) -> int:
        """How many rows are found by this key."""

    def hold(self) -> None:
        """Inside an action: nobody writes an index here until it has ended."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """What a run did: whether it made a key, how many rows are found by the newest now, and how many did not open."""

    index_key: int
    made: bool
    renewed: int
    damaged: int


def rotate_index(columns: Iterable[IndexColumn], *, agreed: Agreed, by: Actor, clock: Clock) -> Renewed:
    """Make a new index key and let everything be found by it; where that was interrupted, finish it instead (4).

    Raises KeysAway, and what `agreed` refuses.
    """
    kept = tuple(columns)
    before = renew_all(kept, by=by, clock=clock)
    if before.renewed:
        agreed.end()
        return before
    held = in_play()[0]
    make = agreed.begin(newest=str(held)) == str(held)
    if make:
        chosen.keys().make_index_key(held + 1)  # (1)
        note_index_key(by=by, number=held + 1, now=clock())
    after = renew_all(kept, by=by, clock=clock)
    agreed.end()
    return Renewed(after.index_key, make, after.renewed, after.damaged)


def is_left(columns: Iterable[IndexColumn]) -> bool:
    """Whether a row is found by an older index key than the newest in play."""
    newest, *older = in_play()
    return bool(older) and any(next(column.older(newest), None) is not None for column in columns)


def renew_all(columns: Iterable[IndexColumn], *, by: Actor, clock: Clock) -> Renewed:
    """Let everything be found by the newest index key in play. Raises KeysAway."""
    kept, newest, done = tuple(columns), in_play()[0], 0
    while True:
        moved = damaged = 0
        for column in kept:
            rows = column.older(newest)
            while batch := list(islice(rows, BATCH)):
                ready = [renewal for renewal in map(_tried, batch) if renewal is not None]
                damaged += len(batch) - len(ready)
                if ready:
                    moved += renew_indexes(by=by, hold=column.hold, renewals=ready, number=newest, of=column.name, now=clock())
                time.sleep(BREATH)
        done += moved
        if not moved:
            return Renewed(newest, made=False, renewed=done, damaged=damaged)


def _tried(make: Callable[[], Renewal]) -> Renewal | None:
    try:
        return make()
    except Damage:  # (3)
        return None
