"""Moving everything to a new root key, a batch at a time; whoever was interrupted goes on where the rows say.

1. Keys are asked for outside of actions, and rows change inside of them, each only where the old wrap still is.
2. What is left to do is read from the rows themselves, so nothing has to remember how far a run came.
3. A row whose key does not open is passed over and counted: it is damage, and the rotation of the others does not wait for it.
4. A new key is made only when nothing is left of the rotation before, and two people agreed to it; so is an old one taken away. What
   they agreed to is begun before and ended after, so whoever was interrupted between goes on with it and makes no second key.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Protocol

from safelight.kernel.actor import Actor
from safelight.kernel.errors import Damage
from safelight.vault import chosen, fields, objects
from safelight.vault.actions.apply_rewraps import apply_rewraps
from safelight.vault.actions.note_root_key import note_root_key
from safelight.vault.errors import Shredded
from safelight.vault.models import StoredObject

BATCH = 200
BREATH = 0.005  # seconds: on SQLite pages write between two batches
Clock = Callable[[], datetime]
Rewrap = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Place:
    """One sealed field: what is there, its context, and how another is put there if it still is."""

    sealed: bytes
    context: str
    put: Callable[[bytes], bool]


class Column(Protocol):
    """Where sealed fields of one kind stand."""

    @property
    def name(self) -> str:
        """The table, as "package.Model"; it stands in the ledger."""

    def places(self) -> Iterator[Place]:
        """Every sealed field there, while rows may come and go."""


class Agreed(Protocol):
    """What two people agreed to (ASVS 2.3.5). Lies above this package."""

    def begin(self, *, newest: str) -> str:
        """Begin it, or go on with what was begun; returns the key that was the newest when it was begun. Raises a refusal."""

    def end(self) -> None:
        """It was done, and is used up. Harmless where nothing was begun."""


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run did: whether it made a key, how many rows it moved to the newest, and how many keys did not open."""

    key_id: str
    made: bool
    rewrapped: int
    damaged: int


def rotate(columns: Iterable[Column], *, agreed: Agreed, by: Actor, clock: Clock) -> Progress:
    """Make a new root key and move everything to it; where a rotation was interrupted, finish that instead (4).

    Raises KeysAway, and what `agreed` refuses.
    """
    kept = tuple(columns)
    before = rewrap_all(kept, by=by, clock=clock)
    if before.rewrapped:
        note_root_key(by=by, key_id=before.key_id, now=clock())
        agreed.end()
        return before
    held = chosen.keys().roots()[-1]
    make = agreed.begin(newest=held) == held
    newest = chosen.keys().rotate() if make else held
    note_root_key(by=by, key_id=newest, now=clock())
    after = rewrap_all(kept, by=by, clock=clock)
    agreed.end()
    return Progress(newest, made=make, rewrapped=after.rewrapped, damaged=after.damaged)


def rewrap_all(columns: Iterable[Column], *, by: Actor, clock: Clock) -> Progress:
    """Move everything that hangs on an older root key to the newest. Raises KeysAway."""
    kept, newest, done = tuple(columns), chosen.keys().roots()[-1], 0
    while True:
        moved = damaged = 0
        for of, batch in _batches(kept, newest):
            opened = [rewrap for rewrap in map(_tried, batch) if rewrap is not None]
            damaged += len(batch) - len(opened)
            if opened:
                moved += apply_rewraps(by=by, rewraps=opened, key_id=newest, of=of, now=clock())
            time.sleep(BREATH)
        done += moved
        if not moved:
            return Progress(newest, made=False, rewrapped=done, damaged=damaged)


def _batches(columns: Iterable[Column], newest: str) -> Iterator[tuple[str, list[Callable[[], Rewrap]]]]:
    """What hangs on an older root key, in batches of one kind: each item wraps a key anew and says how to put it in."""
    rows = StoredObject.objects.exclude(wrapped_key=None).exclude(key_id=newest).order_by("pk").iterator(BATCH)
    yield from _named("vault.StoredObject", (partial(_object, row) for row in rows))
    for column in columns:
        yield from _named(column.name, (partial(_field, place) for place in column.places() if fields.root_of(place.sealed) != newest))


def _named(name: str, items: Iterator[Callable[[], Rewrap]]) -> Iterator[tuple[str, list[Callable[[], Rewrap]]]]:
    while batch := list(islice(items, BATCH)):
        yield name, batch


def _object(row: StoredObject) -> Rewrap:
    return partial(StoredObject.apply, objects.rewrap(row, holder=row.holder))


def _field(place: Place) -> Rewrap:
    return partial(place.put, fields.rewrap_field(place.sealed, context=place.context))


def _tried(make: Callable[[], Rewrap]) -> Rewrap | None:
    try:
        return make()
    except (Damage, Shredded):  # (3)
        return None
