"""Which files are being overwritten: so that a station that lost power in the middle can finish, say what it has erased,
and never take its own zeros for a photo.

A line is written and synced before the first byte of a file is overwritten; it goes when the server has the certificate.
It holds digests of card and place, the size and the frame's digest; no name.
Two cards may be in two readers at once: each process tells its own lines, under a lock, and leaves the other's as they are.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Begun:
    """One file whose overwriting was begun."""

    card: str
    place: str
    size: int
    digest: str

    def __str__(self) -> str:
        return f"{self.card} {self.place} {self.size} {self.digest}\n"


class Journal:
    """The file `erasing` in the station's home. `card` is what tells one card from another, `inside` a path on it."""

    def __init__(self, home: Path) -> None:
        self._file = home / "erasing"
        self._lines = self._read()

    def note(self, card: str, inside: str, size: int, digest: str) -> None:
        """When this returns, the line survives power loss."""
        begun = Begun(_short(card), _short(inside), size, digest)
        with self._locked():
            new = not self._file.exists()
            handle = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            try:
                os.write(handle, str(begun).encode())
                os.fsync(handle)
            finally:
                os.close(handle)
            if new:
                self._sync_home()
        self._lines[begun.card, begun.place] = begun

    def digest_of(self, card: str, inside: str, size: int) -> str | None:
        """The digest of the frame that was being overwritten at this place, None when none was."""
        begun = self._lines.get((_short(card), _short(inside)))
        return begun.digest if begun and begun.size == size else None

    def gone(self, card: str, there: Iterable[str]) -> frozenset[str]:
        """Digests of frames that were overwritten and are on the card no more, in runs that did not come to their certificate."""
        present = {_short(inside) for inside in there}
        return frozenset(begun.digest for begun in self._lines.values() if begun.card == _short(card) and begun.place not in present)

    def settle(self, card: str, still_half: Iterable[str]) -> None:
        """The server has the certificate of this card. What was begun and could not be finished stays noted."""
        kept = {_short(inside) for inside in still_half}
        with self._locked():
            self._lines = {key: begun for key, begun in self._read().items() if begun.card != _short(card) or begun.place in kept}
            if not self._lines:
                self._file.unlink(missing_ok=True)
                return
            draft = self._file.with_name("erasing.new")
            with draft.open("w") as out:
                out.writelines(str(begun) for begun in self._lines.values())
                out.flush()
                os.fsync(out.fileno())
            draft.replace(self._file)
            self._sync_home()

    def _read(self) -> dict[tuple[str, str], Begun]:
        lines: dict[tuple[str, str], Begun] = {}
        for line in self._file.read_text().splitlines() if self._file.exists() else ():
            match line.split():
                case [card, place, size, digest] if size.isdecimal():
                    lines[card, place] = Begun(card, place, int(size), digest)
        return lines

    @contextmanager
    def _locked(self) -> Iterator[None]:
        handle = os.open(self._file.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _sync_home(self) -> None:
        handle = os.open(self._file.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _short(text: str) -> str:
    return sha256(text.encode(errors="surrogateescape")).hexdigest()[:32]
