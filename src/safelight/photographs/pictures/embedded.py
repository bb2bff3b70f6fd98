"""The JPEG for show inside a RAW file. Only for the worker.

Every maker puts it elsewhere, so it is looked for by its beginning, not by the maker's tables: the largest one that the decoder
can draw, among a bounded number of candidates. The sensor's data may begin as a JPEG does (lossless, SOF3) and is passed over.
"""

from dataclasses import dataclass
from mmap import mmap

_BEGINNING = b"\xff\xd8\xff"
_MOST_CANDIDATES = 64
_HEADER_SEGMENTS = 64
_DRAWABLE_FRAMES = (0xC0, 0xC1, 0xC2)
_OTHER_FRAMES = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}
_FEWEST_PIXELS = 160 * 120


@dataclass(frozen=True, order=True)
class Embedded:
    pixels: int
    start: int


def largest(data: bytes | mmap) -> Embedded | None:
    """Where the largest drawable JPEG begins, or None where there is none of at least 160 x 120 pixels."""
    best: Embedded | None = None
    place = -1
    for _ in range(_MOST_CANDIDATES):
        place = data.find(_BEGINNING, place + 1)
        if place < 0:
            break
        pixels = _pixels(data, place)
        if pixels >= _FEWEST_PIXELS and (best is None or pixels > best.pixels):
            best = Embedded(pixels, place)
    return best


def _pixels(data: bytes | mmap, start: int) -> int:
    """Width times height by the frame header of a JPEG that begins here; 0 where it is none or cannot be drawn."""
    place = start + 2
    for _ in range(_HEADER_SEGMENTS):
        segment = data[place : place + 9]
        if len(segment) < 9 or segment[0] != 0xFF:  # noqa: PLR2004 - marker, length, precision, height, width (ITU-T T.81, B.2.2)
            return 0
        if segment[1] in _DRAWABLE_FRAMES:
            return int.from_bytes(segment[5:7], "big") * int.from_bytes(segment[7:9], "big")
        if segment[1] in _OTHER_FRAMES:
            return 0
        place += 2 + int.from_bytes(segment[2:4], "big")
    return 0
