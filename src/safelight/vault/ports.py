"""What the vault asks of a store and of a key service."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Stat:
    """What a store says of an object: its length in bytes."""

    size: int


class Reader(Protocol):
    """An object opened for reading."""

    size: int

    def read_at(self, offset: int, length: int) -> bytes:
        """Exactly these bytes; fewer only at the end of the object. Raises StoreAway."""

    def view_at(self, offset: int, length: int) -> bytes | memoryview:
        """The same, without a copy where the adapter can: valid until the next reading."""

    def close(self) -> None:
        """Give back what reading held. Closing twice is harmless."""


class ObjectStore(Protocol):
    """Keeps objects under random names that are never used again."""

    def keep(self, name: UUID, body: Iterable[bytes | memoryview]) -> int:
        """When this returns, the object survives power loss; returns its length.

        The name is created, never replaced: NameInUse where it is taken. Raises StoreFull or StoreAway where the object was
        not kept; then nothing that can be taken for it is left under the name, or a sweeper takes it.
        """

    def open(self, name: UUID, *, fresh: bool = False) -> Reader:
        """Open an object. `fresh` reads from the medium, past every cache. Raises ObjectMissing, StoreAway."""

    def stat(self, name: UUID) -> Stat:
        """Raises ObjectMissing, StoreAway."""

    def purge(self, name: UUID) -> None:
        """When this returns, the object is gone from the store. Purging what is not there is harmless."""

    def room(self) -> int | None:
        """Bytes that can be kept beside a reserve for everything else; None where a store has no bounds. Raises StoreAway."""

    def names(self) -> Iterable[tuple[UUID, float]]:
        """Every name with the time of its making (seconds since 1970), in no order: for the sweeper of orphans."""

    def prove(self) -> None:
        """Try what only this kind of store can get wrong, beside what `proving` tries on each. Raises StoreUnfit, StoreAway."""


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key as only the key service can open it, and which root key did."""

    key_id: str
    sealed: bytes


class KeyService(Protocol):
    """Holds the root key. Data keys go in and out wrapped; the root key never does."""

    def wrap(self, key: bytes, context: bytes) -> Wrapped:
        """Seal a 32-byte data key, bound to a context, under the newest root key. Raises KeysAway."""

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        """The data key. Raises WrongKey when key or context is another, KeysAway when the service does not answer."""

    def mac(self, context: bytes, data: bytes, *, number: int) -> bytes:
        """HMAC-SHA-256 (32 bytes) under an index key, which is kept for this alone. The first has number 1.

        Raises WrongKey where no index key of that number is held, KeysAway.
        """

    def index_keys(self) -> tuple[int, ...]:
        """The numbers of the index keys that are held, the newest first. Raises KeysAway."""

    def make_index_key(self, number: int) -> None:
        """When this returns, there is an index key of this number. One that is there already stays. Raises KeysAway."""

    def retire_index_key(self, number: int) -> None:
        """When this returns, an old index key is gone. Retiring what is not there is harmless.

        Raises ValueError for the newest, KeysAway.
        """

    def rotate(self) -> str:
        """Make a new root key; the old ones only unwrap from now on. Returns the new key's id. Raises KeysAway."""

    def roots(self) -> tuple[str, ...]:
        """The ids of the root keys that are held, the newest last. Raises KeysAway."""

    def retire(self, key_id: str) -> None:
        """When this returns, an old root key is gone: what it wrapped opens never again. Retiring what is not there is harmless.

        Raises ValueError for the newest, KeysAway.
        """

    def health(self) -> None:
        """Returns when the service answers. Raises KeysAway."""
