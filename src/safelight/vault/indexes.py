"""By which index keys a number is found while one takes the place of another.

1. The keys in play stand in the database, so all processes on all machines change over in one moment.
2. What is looked for is looked for by all of them; what is written is written by the newest.
3. What was made ready before that moment is refused inside the action: with a key too few, a number that somebody has could be
   taken for free.
4. A search that began before that moment and found nothing is done again: what it looked for may have moved meanwhile.
"""

from collections.abc import Callable
from typing import TypeVar

from safelight.vault.errors import IndexKeyTurned
from safelight.vault.fields import blind_index
from safelight.vault.models import IndexKey

Keys = tuple[int, ...]  # numbers of index keys, the newest first
T = TypeVar("T")


def in_play() -> Keys:
    """The index keys in play, the newest first (1)."""
    rows = dict(IndexKey.objects.values_list("number", "retired_at"))
    first = () if IndexKey.FIRST in rows else (IndexKey.FIRST,)
    return tuple(sorted((*first, *(number for number, gone in rows.items() if gone is None)), reverse=True))


def fingerprints(kind: str, normalised: str, keys: Keys) -> tuple[bytes, ...]:
    """A number's fingerprints by some index keys, in their order. Asks the key service: before an action."""
    return tuple(blind_index(kind, normalised, number=number) for number in keys)


def require_newest(keys: Keys) -> None:
    """(3) Inside an action that holds the lock of those who renew. Raises IndexKeyTurned."""
    if keys[0] != in_play()[0]:
        raise IndexKeyTurned


def hold(keys: Keys) -> None:
    """(3) for whoever has no lock of their own: nobody renews an index until the action has ended. Raises IndexKeyTurned."""
    lock()
    require_newest(keys)


def lock() -> None:
    """Inside an action: be the only one who writes indexes or renews them."""
    IndexKey.objects.get_or_create(pk=IndexKey.FIRST)
    IndexKey.objects.select_for_update().get(pk=IndexKey.FIRST)


def searched(ask: Callable[[Keys], T | None]) -> T | None:
    """What is found by the keys in play (2), asked again where they changed meanwhile (4)."""
    keys = in_play()
    while (found := ask(keys)) is None and (now := in_play()) != keys:
        keys = now
    return found
