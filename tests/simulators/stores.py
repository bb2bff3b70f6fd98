"""A store that misbehaves on purpose. Named in the settings like any adapter; `fault` says what it does wrong."""

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from uuid import UUID

from safelight.vault.adapters.local import LocalReader, LocalStore
from safelight.vault.errors import ObjectMissing, StoreAway, StoreFull
from safelight.vault.ports import Stat

FAULTS = ("short", "full", "full midway", "away", "lies", "lies later", "forgets", "replaces", "slow and away")


class MisbehavingStore:
    """`short` keeps less than it says; `full` takes nothing, `full midway` ends in the midst; `away` does not answer; `lies` keeps
    other bytes, `lies later` gives other bytes; `forgets` has nothing of what it took; `replaces` takes a name twice.
    """

    def __init__(self, *, folder: Path, fault: str = "") -> None:
        self.real, self.fault = LocalStore(folder=Path(folder)), fault

    def keep(self, name: UUID, body: Iterable[bytes | memoryview]) -> int:
        match self.fault:
            case "full":
                raise StoreFull(name)
            case "away":
                raise StoreAway(name)
            case "slow and away":
                time.sleep(0.2)
                raise StoreAway(name)
            case "full midway":
                return self.real.keep(name, self._until_full(body))
            case "short":
                pieces = [bytes(piece) for piece in body]
                whole = b"".join(pieces)
                self.real.keep(name, [whole[:-1]])
                return len(whole)
            case "lies":
                whole = bytearray(b"".join(bytes(piece) for piece in body))
                if whole:
                    whole[len(whole) // 2] ^= 1
                return self.real.keep(name, [bytes(whole)])
            case "forgets":
                size = self.real.keep(name, body)
                self.real.purge(name)
                return size
            case "replaces":
                self.real.purge(name)
        return self.real.keep(name, body)

    def open(self, name: UUID, *, fresh: bool = False) -> LocalReader:
        reader = self.real.open(name, fresh=fresh)
        return _Lying(reader) if self.fault == "lies later" else reader

    def stat(self, name: UUID) -> Stat:
        if self.fault == "lies later":
            raise ObjectMissing(name)
        return self.real.stat(name)

    def purge(self, name: UUID) -> None:
        self.real.purge(name)

    def room(self) -> int | None:
        return self.real.room()

    def names(self) -> Iterator[tuple[UUID, float]]:
        return self.real.names()

    def _until_full(self, body: Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
        for number, piece in enumerate(body):
            if number:
                raise StoreFull(number)
            yield piece


class _Lying:
    def __init__(self, reader: LocalReader) -> None:
        self._reader, self.size = reader, reader.size

    def read_at(self, offset: int, length: int) -> bytes:
        data = bytearray(self._reader.read_at(offset, length))
        if data:
            data[-1] ^= 1
        return bytes(data)

    def view_at(self, offset: int, length: int) -> bytes:
        return self.read_at(offset, length)

    def close(self) -> None:
        self._reader.close()
