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
