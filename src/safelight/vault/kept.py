"""What keeping and rewrapping give back: values, until an action makes them rows."""

from dataclasses import dataclass
from uuid import UUID

from safelight.kernel.digest import Digest
from safelight.vault.ports import Wrapped

TRAY = "tray"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An object that is in the store, durable, and has no row yet. Sizes in bytes; `digest` is of the plain bytes.

    `hashed`: the digest was made of the bytes as they came. Else it is what somebody said of them, until reading back has found it.
    """

    name: UUID
    rendition: str
    holder: str
    wrapped: Wrapped
    version: int
    size: int
    digest: Digest
    hashed: bool = True
    sealed_size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrapped:
    """An object's data key, wrapped anew for another holder. An action applies it, only if the old wrap is still there."""

    object_id: UUID
    old: bytes
    new: Wrapped
    holder: str
