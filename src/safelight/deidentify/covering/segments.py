"""The segments of a JPEG file (ITU-T T.81, annex B), as they stand in it. Pure; decodes nothing and is bounded."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum


class Marker(IntEnum):
    """The markers that this package names (T.81, table B.1)."""

    DHT = 0xC4
    JPG = 0xC8
    DAC = 0xCC
    SOI = 0xD8
    EOI = 0xD9
    SOS = 0xDA
    DQT = 0xDB
    DRI = 0xDD
    APP0 = 0xE0
    APP1 = 0xE1
    APP2 = 0xE2
    APP13 = 0xED
    APP14 = 0xEE
    APP15 = 0xEF
    COM = 0xFE


FRAMES = frozenset(range(0xC0, 0xD0)) - {Marker.DHT, Marker.JPG, Marker.DAC}
PROGRESSIVE = (0xC2, 0xCA)
ARITHMETIC = (0xC9, 0xCA)
COVERABLE = (0xC0, 0xC1, 0xC2, *ARITHMETIC)
ADOBE = b"Adobe"
_MOST_SEGMENTS = 10_000
_LONE = frozenset((0x01, *range(0xD0, 0xD8)))
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


class Malformed(ValueError):
    """The file does not keep to the form of a JPEG."""


@dataclass(frozen=True)
class Segment:
    """One segment: what follows the two bytes of its length; for a scan (`SOS`) with its coded data. `end` is the place after it."""

    marker: int
    payload: bytes
    coded: bytes
    end: int


def segments(data: bytes) -> Iterator[Segment]:
    """The segments from SOI to EOI, without those two. Raises Malformed where one is cut short, or something stands between them."""
    if data[:2] != b"\xff\xd8":
        raise Malformed("no JPEG")
    place = 2
    for _ in range(_MOST_SEGMENTS):
        while data[place : place + 2] == b"\xff\xff":  # fill bytes (T.81, B.1.1.2)
            place += 1
        if place + 2 > len(data) or data[place] != 0xFF:  # noqa: PLR2004 - every marker begins so
            raise Malformed("no marker")
        marker = data[place + 1]
        if marker == Marker.EOI:
            yield Segment(marker, b"", b"", place + 2)
            return
        if marker in _LONE or marker == Marker.SOI:
            raise Malformed("a marker out of place")
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        begin, end = place + 4, place + 2 + length
        if length < 2 or end > len(data):  # noqa: PLR2004 - the length counts its own two bytes
            raise Malformed("cut short")
        coded = b""
        if marker == Marker.SOS:
            found = _NEXT_MARKER.search(data, end)
            if found is None:
                raise Malformed("a scan without an end")
            coded = data[end : found.start()]
        yield Segment(marker, data[begin:end], coded, end + len(coded))
        place = end + len(coded)
    raise Malformed("too many segments")


@dataclass(frozen=True)
class Component:
    """One colour of a frame: samples across and down in each unit of coding, and the first step of its quantisation."""

    across: int
    down: int
    step: int


@dataclass(frozen=True)
class Frame:
    """What the header of a JPEG says of its picture as it is stored, before any turn."""

    kind: int
    bits: int
    width: int
    height: int
    components: tuple[Component, ...]
    adobe: int | None

    @property
    def unit(self) -> tuple[int, int]:
        """Width and height in pixels of the smallest part that is coded by itself (MCU)."""
        return 8 * max(part.across for part in self.components), 8 * max(part.down for part in self.components)


def frame(data: bytes) -> Frame:
    """The frame of a JPEG by what stands before its first scan. Raises Malformed."""
    steps: dict[int, int] = {}
    adobe, header = None, None
    for segment in segments(data):
        if segment.marker == Marker.DQT:
            steps |= _steps(segment.payload)
        elif segment.marker == Marker.APP14 and segment.payload[:5] == ADOBE and len(segment.payload) >= 12:  # noqa: PLR2004 - TN 5116
            adobe = segment.payload[11]
        elif segment.marker in FRAMES:
            if header is not None:
                raise Malformed("two frames")
            header = segment
        elif segment.marker in (Marker.SOS, Marker.EOI):
            break
    if header is None:
        raise Malformed("no frame")
    return _frame(header, steps, adobe)


def _steps(tables: bytes) -> dict[int, int]:
    """The first step of each quantisation table of a segment, by its number."""
    found, place = {}, 0
    while place < len(tables):
        wide, number = tables[place] >> 4, tables[place] & 15
        size = 1 + 64 * (2 if wide else 1)
        if place + size > len(tables) or wide > 1:
            raise Malformed("a broken table")
        found[number] = int.from_bytes(tables[place + 1 : place + (3 if wide else 2)], "big")
        place += size
    return found


def _frame(header: Segment, steps: dict[int, int], adobe: int | None) -> Frame:
    said = header.payload
    if len(said) < 6 or len(said) != 6 + 3 * said[5] or not said[5]:  # noqa: PLR2004 - T.81, B.2.2
        raise Malformed("a broken frame")
    parts = [said[6 + 3 * index : 9 + 3 * index] for index in range(said[5])]
    components = tuple(Component(part[1] >> 4, part[1] & 15, steps.get(part[2], 0)) for part in parts)
    if not all(1 <= part.across <= 4 and 1 <= part.down <= 4 for part in components):  # noqa: PLR2004 - T.81, B.2.2
        raise Malformed("a broken frame")
    height, width = int.from_bytes(said[1:3], "big"), int.from_bytes(said[3:5], "big")
    if not (width and height):
        raise Malformed("no size")
    return Frame(header.marker, said[0], width, height, components, adobe)
