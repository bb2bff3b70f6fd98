"""Whether a store keeps its promises, tried on the store itself: stores that speak one language differ in what they mean by it."""

import secrets
from uuid import UUID, uuid4

from safelight.vault.errors import NameInUse, ObjectMissing, StoreUnfit
from safelight.vault.ports import ObjectStore

SIZE = 3 << 20


def prove(store: ObjectStore) -> None:
    """Keep an object, read it back, keep another under its name, purge it. Raises StoreUnfit, StoreAway, StoreFull.

    No card is released before this has passed once in the process that reads back.
    """
    name, data = uuid4(), secrets.token_bytes(SIZE)
    store.keep(name, [data])
    try:
        if _read(store, name) != data:
            raise StoreUnfit("other_bytes_came_back")
        try:
            store.keep(name, [b"another"])
        except NameInUse:
            pass
        else:
            raise StoreUnfit("name_taken_twice")
        if _read(store, name) != data:
            raise StoreUnfit("object_was_replaced")
        store.prove()
    finally:
        store.purge(name)
    try:
        store.stat(name)
    except ObjectMissing:
        return
    raise StoreUnfit("purged_object_is_there")


def _read(store: ObjectStore, name: UUID) -> bytes:
    reader = store.open(name, fresh=True)
    try:
        return reader.read_at(0, reader.size)
    finally:
        reader.close()
