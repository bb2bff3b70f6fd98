"""What an operator does with the vault: make keys, read everything back, move to a new root key, sweep orphans."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from safelight.kernel.errors import Damage
from safelight.vault import chosen, objects
from safelight.vault.belonging import own_names
from safelight.vault.errors import ObjectDamaged
from safelight.vault.models import StoredObject

ORPHAN_AGE = timedelta(days=1)
BATCH = 500


@dataclass(frozen=True, slots=True)
class Damaged:
    """An object that does not read back whole, and the code of what is wrong."""

    object_id: UUID
    code: str


def make_keys() -> None:
    """Make the root keys where the settings name a service that can, and they are not there yet. Replaces nothing. Raises KeysAway."""
    choice = {name: value for name, value in settings.SAFELIGHT_KEY_SERVICE.items() if name != "adapter"}
    make = getattr(import_string(str(settings.SAFELIGHT_KEY_SERVICE["adapter"])), "make", None)
    if make is not None:
        make(**choice)


def read_all_back() -> Iterator[Damaged | None]:
    """Read every object from the medium, one after the other: None for one that is whole, else what is wrong with it.

    One that is disposed of meanwhile is passed over. Changes nothing. Raises StoreAway, KeysAway.
    """
    for stored in StoredObject.objects.filter(shredded_at=None).order_by("pk").iterator(BATCH):
        try:
            yield None if objects.read_back(stored) == stored.digest else Damaged(stored.pk, ObjectDamaged.code)
        except Damage as fault:
            if StoredObject.objects.filter(pk=stored.pk, shredded_at=None).exists():
                yield Damaged(stored.pk, fault.code)


def sweep_orphans(*, now: datetime) -> int:
    """Purge objects that have no row a day after their making; returns how many. They were kept and never became part of the record."""
    store, gone = chosen.store(), 0
    oldest, own = (now - ORPHAN_AGE).timestamp(), own_names()
    waiting = [name for name, made in store.names() if made < oldest and name not in own]
    for at in range(0, len(waiting), BATCH):
        batch = waiting[at : at + BATCH]
        known = set(StoredObject.objects.filter(pk__in=batch).values_list("pk", flat=True))
        for name in batch:
            if name not in known:
                store.purge(name)
                gone += 1
    return gone
