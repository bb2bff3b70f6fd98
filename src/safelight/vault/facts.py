"""What happens to root keys, as the ledger keeps it."""

from dataclasses import dataclass

from safelight.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class RootKeyMade(Fact):
    key: str


@dataclass(frozen=True, kw_only=True)
class KeysRewrapped(Fact):
    key: str
    of: str
    rows: int
    changed_meanwhile: int


@dataclass(frozen=True, kw_only=True)
class RootKeyRetired(Fact):
    key: str


@dataclass(frozen=True, kw_only=True)
class IndexKeyMade(Fact):
    number: int


@dataclass(frozen=True, kw_only=True)
class IndexesRenewed(Fact):
    """Numbers are found by another index key from now on. `of` names the table, never a row."""

    number: int
    of: str
    rows: int
    changed_meanwhile: int


@dataclass(frozen=True, kw_only=True)
class IndexKeyRetired(Fact):
    number: int


@dataclass(frozen=True, kw_only=True)
class BelongingsRemembered(Fact):
    """The database remembers which store and which keys are its own: `names` tells of what it learned, never a key."""

    names: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class StoreAdopted(Fact):
    """An operator moved the objects to another store. `missing` of them are not there."""

    missing: int


@dataclass(frozen=True, kw_only=True)
class SigningKeysAccepted(Fact):
    """An operator took new signing keys for the database's own: `names` tells which, never a key."""

    names: tuple[str, ...]
