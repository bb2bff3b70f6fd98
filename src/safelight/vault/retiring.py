"""Taking away old root keys and old index keys that nothing needs, by one agreement of two people.

1. What may go is asked first: an agreement is not used up where nothing can go.
2. Each key's going is noted, then the key service takes it away. Whoever was interrupted between goes on with the same agreement.
"""

from collections.abc import Iterable

from safelight.kernel.actor import Actor
from safelight.vault import chosen, fields
from safelight.vault.actions.retire_index_key import index_needed, retire_index_key
from safelight.vault.actions.retire_root_key import needed, retire_root_key
from safelight.vault.reindexing import IndexColumn
from safelight.vault.rotation import Agreed, Clock, Column


def retire(columns: Iterable[Column], indexes: Iterable[IndexColumn], *, agreed: Agreed, by: Actor, clock: Clock) -> list[str]:
    """Take away every old key that nothing needs; returns their ids. Raises KeysAway, and what `agreed` refuses."""
    kept, (*old, newest) = tuple(indexes), chosen.keys().roots()
    on_root = _counted(columns) if old else {}
    on_index = {number: sum(column.count(number) for column in kept) for number in chosen.keys().index_keys()}
    roots = [one for one in old if not needed(key_id=one, fields_on_it=on_root.get(one, 0), newest=newest, now=clock())]  # (1)
    numbers = [one for one in on_index if not index_needed(number=one, rows_on_it=on_index[one], now=clock())]
    if roots or numbers:
        agreed.begin(newest=newest)
    for key_id in roots:  # (2)
        retire_root_key(by=by, key_id=key_id, fields_on_it=on_root.get(key_id, 0), newest=newest, now=clock())
        chosen.keys().retire(key_id)
    for number in numbers:
        retire_index_key(by=by, number=number, rows_on_it=on_index[number], now=clock())
        chosen.keys().retire_index_key(number)
    agreed.end()
    return [*roots, *(f"index key {number}" for number in numbers)]


def _counted(columns: Iterable[Column]) -> dict[str, int]:
    found: dict[str, int] = {}
    for column in columns:
        for place in column.places():
            key_id = fields.root_of(place.sealed)
            found[key_id] = found.get(key_id, 0) + 1
    return found
