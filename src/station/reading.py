"""Reading a card: which files are frames, their digests, which files are the camera's own, and what nobody can read.

Rules that hold here:
1. A file is a frame by its name; its first bytes must agree. Every other file is the camera's own by a dated list, or stays.
2. What cannot be read is named with its reason, a whole folder too: a card with such a thing on it is never emptied.
3. Each reading comes from the medium, past the caches, and fails when size or time change under it.
4. Two files are read at once, each from beginning to end, in the card's order: while one's piece is hashed, the medium gives the other's.
"""

import fnmatch
import io
import json
import mmap
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from threading import local

from handover.kinds import HEAD, LARGEST, FrameKind, agrees, kind_of_name
from handover.manifest import FrameLine, OtherLine
from handover.reasons import Left
from station import medium
from station.blocks import Fingerprints, Marks
from station.card import Card
from station.journal import Journal
from station.names import Names, inside

CHUNK = 1 << 20
ZEROS = bytes(CHUNK)
READERS = 2  # a reader of cards gives one piece at a time: more would only have it jump between files
_OWN = json.loads(files("station").joinpath("camera_files.json").read_text())
_OURS = re.compile(r"ZZ[0-9A-F]{6}\.TMP|F\d{7}\.BIN")
_here = local()
Walked = tuple[list[Path], list[Path]]  # every file, and every folder that cannot be read


class Changed(Exception):
    """The file is not what it was when the reading began."""


class CardOut(Exception):
    """The card does not answer any more."""


@dataclass(frozen=True, slots=True)
class Found:
    """A frame on the card: where it is and what was read of it. `number` names its traces."""

    path: Path
    line: FrameLine
    number: int


@dataclass(slots=True)
class Listing:
    """All that is on a card. `own` are the camera's own files; `others` stay until somebody has looked.

    `half` are files that a station began to overwrite, with the digest of the frame that each was.
    """

    frames: list[Found] = field(default_factory=list)
    half: list[tuple[Path, str]] = field(default_factory=list)
    own: list[Path] = field(default_factory=list)
    others: list[tuple[Path, OtherLine]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Read:
    """A frame that was read once."""

    digest: str
    size: int
    marks: Marks
    kind: FrameKind
    modified: datetime


@dataclass(frozen=True, slots=True)
class _Half:
    """A file that a station began to overwrite, and the digest of the frame that it was."""

    digest: str


class _Own:
    """A file of the camera's own, or of a station's that lost power."""


def _keep(_found: Found) -> None:
    """A frame that was read waits until the card is announced."""


def list_card(
    card: Card, marks: Fingerprints, journal: Journal, offer: Callable[[Found], None] = _keep, *, walked: Walked | None = None
) -> Listing:
    """List a card and read every frame once; each is offered as soon as it was read. Raises CardOut.

    `walked` is what `walk` has just found on it, where somebody has walked it already.
    """
    listing, names = Listing(), Names()
    paths, unreadable = walked or walk(card.root)
    for folder in unreadable:
        listing.others.append((folder, OtherLine(path=inside(card.root, folder), size=0, why=Left.UNREADABLE)))
    with ThreadPoolExecutor(READERS) as pool:
        for path, found in zip(paths, pool.map(lambda path: _looked_at(path, card, marks, journal), paths), strict=True):
            _enter(found, path, card, listing, names, marks)
            if isinstance(found, _Read):
                offer(listing.frames[-1])
    return listing


def walk(root: Path) -> Walked:
    """Every file in order, and every folder that cannot be read. Links are not followed. Raises CardOut."""
    found: list[Path] = []
    unreadable: list[Path] = []
    for folder, folders, names in os.walk(root, onerror=lambda fault: unreadable.append(Path(fault.filename)), followlinks=False):
        found.extend(Path(folder, name) for name in names)
        found.extend(Path(folder, name) for name in folders if os.path.islink(f"{folder}/{name}"))  # noqa: PTH114 - never raises
    if root in unreadable:
        raise CardOut
    return sorted(found), sorted(unreadable)


def size_of(paths: Iterable[Path]) -> int:
    """Bytes of some files, without those that do not answer."""
    size = 0
    for path in paths:
        with suppress(OSError):
            size += path.lstat().st_size
    return size


def read_fresh(path: Path) -> Iterator[memoryview]:
    """A file's bytes from the medium, past the cache, in pieces that are valid until the next.

    Raises Changed when size or time differ between beginning and end.
    """
    with io.FileIO(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)) as file, _own_buffer() as buffer:
        before = os.fstat(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_SEQUENTIAL)
        if before.st_size >= CHUNK:  # a small file gains nothing by it, and thousands of them would each wait for the medium alone
            medium.past_the_cache(file, wanted=True)
        size = 0
        while count := medium.read_into(file, buffer):
            size += count
            yield memoryview(buffer)[:count]
        after = os.fstat(file.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or size != before.st_size:
            raise Changed


@contextmanager
def _own_buffer() -> Iterator[mmap.mmap]:
    """A thread's memory for a reading, which begins at a page, as a medium asks of what it writes to.

    One reading has it at a time. No photo stays in it, and no reading can find what another has read.
    """
    buffer: mmap.mmap | None = getattr(_here, "buffer", None)
    _here.buffer = None
    buffer = mmap.mmap(-1, CHUNK) if buffer is None else buffer
    try:
        yield buffer
    finally:
        buffer[:] = ZEROS
        _here.buffer = buffer


def digest_now(path: Path) -> str:
    """The digest of what is on the card at this moment. Raises OSError, Changed."""
    found = sha256()
    for piece in read_fresh(path):
        found.update(piece)
    return found.hexdigest()


def begins_with_zeros(path: Path) -> bool:
    """Whether a file's first bytes are zeros: no photo begins so, and what a station overwrites does. Raises OSError."""
    with path.open("rb", buffering=0) as file:
        head = file.read(HEAD)
    return bool(head) and not any(head)


def other(root: Path, path: Path, why: Left) -> OtherLine:
    """A file that stays, with the digest of what a person decides about; without one where it cannot be read."""
    try:
        return OtherLine(path=inside(root, path), size=path.stat().st_size, why=why, digest=digest_now(path))
    except (OSError, Changed):
        return OtherLine(path=inside(root, path), size=0, why=why)


def _looked_at(path: Path, card: Card, marks: Fingerprints, journal: Journal) -> _Read | _Half | _Own | OtherLine:
    """What a file is; a frame is read once. Raises CardOut."""
    try:
        return _sorted(path, card, marks, journal)
    except Changed:
        return other(card.root, path, Left.CHANGED)
    except OSError as fault:
        if not card.is_there():
            raise CardOut from fault
        return other(card.root, path, Left.UNREADABLE)


def _sorted(path: Path, card: Card, marks: Fingerprints, journal: Journal) -> _Read | _Half | _Own | OtherLine:
    kind = kind_of_name(path.name)
    if not stat.S_ISREG(path.lstat().st_mode):  # a link leads elsewhere, a pipe has no end
        return OtherLine(path=inside(card.root, path), size=0, why=Left.UNREADABLE)
    if kind is None:
        return _Own() if _is_own(path.relative_to(card.root)) or _is_ours(path) else other(card.root, path, Left.UNKNOWN_FILE)
    begun = journal.digest_of(card.volume, str(path.relative_to(card.root)), path.stat().st_size)
    if begun and begins_with_zeros(path):
        return _Half(begun)
    found = _first_read(path, kind, marks)
    return other(card.root, path, found) if isinstance(found, Left) else found


def _first_read(path: Path, kind: FrameKind, marks: Fingerprints) -> _Read | Left:
    """A frame with its digest and its marks; or why the file is none."""
    if path.stat().st_size > LARGEST[kind]:
        return Left.TOO_LARGE
    gathering, found, head, size = marks.gather(), sha256(), b"", 0
    for piece in read_fresh(path):
        head = head or bytes(piece[:HEAD])
        size += len(piece)
        found.update(piece)
        gathering.feed(piece)
    if not agrees(kind, head):
        return Left.NOT_A_PHOTO
    return _Read(found.hexdigest(), size, gathering.finish(), kind, datetime.fromtimestamp(int(path.stat().st_mtime), UTC))


def _enter(found: _Read | _Half | _Own | OtherLine, path: Path, card: Card, listing: Listing, names: Names, into: Fingerprints) -> None:
    """Enter a file in the card's order: names that are alike are told apart by it, and traces have its numbers."""
    match found:
        case _Own():
            listing.own.append(path)
        case _Half(digest):
            listing.half.append((path, digest))
        case OtherLine():
            listing.others.append((path, found))
        case _Read(digest, size, marks, kind, modified):
            folder, name = names.of(card.root, path)
            line = FrameLine(folder=folder, file=name, size=size, digest=digest, kind=kind, modified=modified)
            listing.frames.append(Found(path, line, into.add(marks)))


def _is_ours(path: Path) -> bool:
    """A file that a station had overwritten and renamed, or filled the card with, when it lost power: it holds nothing but zeros."""
    return bool(_OURS.fullmatch(path.name)) and all(not any(piece) for piece in read_fresh(path))


def _is_own(place: Path) -> bool:
    *folders, name = [part.upper() for part in place.parts]
    listed = _OWN["files"] + (_OWN["folders"].get(folders[0], []) if folders else [])
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in listed)
