"""What the camera wrote about itself, by exifread. Only for the worker: it parses other people's bytes."""

import io
import re
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from mmap import mmap
from types import FrameType
from typing import BinaryIO, Protocol, cast

import exifread

from safelight.photographs.pictures.picture import CameraNote

_LONGEST = 100
_SERIAL_TAGS = ("EXIF BodySerialNumber", "Image CameraSerialNumber")  # EXIF 2.32, 4.6.5 and DNG
_MAKERS_SERIAL_TAGS = ("MakerNote SerialNumber", "MakerNote InternalSerialNumber", "MakerNote CameraSerialNumber")
_FEWEST_DIGITS = 4
_INTEROPERABILITY_TAGS = ("Interoperability InteroperabilityIndex", "EXIF InteroperabilityIndex")
_OFFSET = re.compile(r"[+-]\d\d:\d\d")
_UPRIGHT = range(1, 9)
_FRACTION = 6
_SECONDS = 1.0


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Stop the block after so many seconds of computing; it must be plain Python, for signals wait for compiled code to return."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise _TooLong

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


class Tag(Protocol):
    """A value as exifread gives it."""

    values: object
    printable: str


class _TooLong(BaseException):
    """The note took too long to read. Not an Exception, so that the parser's own nets let it through."""


def everything(data: bytes | mmap) -> dict[str, Tag]:
    """Every tag that the parser knows, by its name; nothing where that takes more than a second. Never raises for what a file holds."""
    try:
        with _at_most(_SECONDS):
            source = io.BytesIO(data) if isinstance(data, bytes) else cast("BinaryIO", data)  # shared memory reads and seeks as a file does
            tags: dict[str, Tag] = exifread.process_file(source, details=True, extract_thumbnail=False)
            return tags
    except (_TooLong, Exception):  # noqa: BLE001 - the parser raises whatever a malformed file leads it to; the photograph does not depend on it
        return {}


def read(data: bytes | mmap) -> CameraNote | None:
    """The camera's note, or None where the file has none or it takes more than a second. Never raises for what a file holds."""
    tags = everything(data)
    if not tags:
        return None
    return CameraNote(
        make=_words(tags, ("Image Make",)),
        model=_words(tags, ("Image Model",)),
        serial=_words(tags, _SERIAL_TAGS) or _makers_serial(tags),
        software=_words(tags, ("Image Software",)),
        taken=_taken(tags),
        offset=_offset(tags),
        orientation=_orientation(tags),
        has_position="GPS GPSLatitude" in tags or "GPS GPSLongitude" in tags,
        adobe_rgb=_words(tags, _INTEROPERABILITY_TAGS) == "R03",
    )


def _words(tags: dict[str, Tag], names: Iterable[str]) -> str | None:
    for name in names:
        if name in tags:
            text = "".join(letter if letter.isprintable() else " " for letter in str(tags[name].printable)).strip()[:_LONGEST].strip()
            if text and set(text) - {"0", " ", "[", "]", ","}:
                return text
    return None


def _makers_serial(tags: dict[str, Tag]) -> str | None:
    """The serial number of a maker's own notes. Editing moves their offsets, and other words are read instead: numbers have digits."""
    serial = _words(tags, _MAKERS_SERIAL_TAGS)
    return serial if serial and sum(letter.isdigit() for letter in serial) >= _FEWEST_DIGITS else None


def _taken(tags: dict[str, Tag]) -> datetime | None:
    written = _words(tags, ("EXIF DateTimeOriginal",))
    try:
        # EXIF 2.32, 4.6.5: "YYYY:MM:DD HH:MM:SS" by the camera's own clock, without a zone.
        taken = datetime.strptime(written or "", "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - a camera's clock has no zone
    except ValueError:
        return None
    fraction = _words(tags, ("EXIF SubSecTimeOriginal",)) or ""
    if fraction.isascii() and fraction.isdigit():
        return taken.replace(microsecond=int(fraction[:_FRACTION].ljust(_FRACTION, "0")))
    return taken


def _offset(tags: dict[str, Tag]) -> str | None:
    written = _words(tags, ("EXIF OffsetTimeOriginal", "EXIF OffsetTime"))
    return written if written and _OFFSET.fullmatch(written) else None


def _orientation(tags: dict[str, Tag]) -> int:
    tag = tags.get("Image Orientation")
    values = tag.values if tag else None
    first = values[0] if isinstance(values, list) and values else 1
    return first if isinstance(first, int) and first in _UPRIGHT else 1
