"""What stands before the scan of a baseline JPEG (ITU-T T.81, Annex B), as far as drawing at a quarter needs it.

None of it is believed: a length that leads out of the file, a table that is missing and all that is unusual end the reading.
"""

import struct
from dataclasses import dataclass, field

IDS = range(4)  # of tables and trees
TREES, LENGTHS, CODES = 2 * len(IDS), 16, 256  # direct current first
LOWEST = 5  # coefficients in zigzag order, of which 0, 1, 2 and 4 are drawn
_BEGINS, _LEAD, _SCAN = b"\xff\xd8", 0xFF, 0xDA
_ADOBE_TRANSFORM = 11  # bytes into APP14: how colours were turned (Adobe Technical Note 5116, 18)
_YCBCR = 1
_NAMED_YCBCR = b"\x01\x02\x03"
_BITS = 8
_SQUARES = ((1, 1), (2, 1), (1, 2), (2, 2))
_WHOLE_BLOCK = b"\x00\x3f\x00"
_DIRECT_SIZE, _ALTERNATING_SIZE = 11, 10  # bits of a value, F.1.2.1 and F.1.2.2
_ENDS_AND_SIXTEEN = (0x00, 0xF0)
_STEPS = 64


class Unusual(Exception):
    """What a library may know."""


@dataclass(frozen=True)
class Part:
    """One component: blocks across and down in a unit, its table of steps, its two trees."""

    across: int
    down: int
    table: int
    direct: int = 0
    alternating: int = 0


@dataclass
class Headers:
    """What is needed of the headers. Sizes in pixels; `scan` is the place of the first byte of the scan."""

    width: int = 0
    height: int = 0
    parts: list[Part] = field(default_factory=list)
    restart: int = 0
    steps: dict[int, tuple[int, ...]] = field(default_factory=dict)
    counts: bytearray = field(default_factory=lambda: bytearray(LENGTHS * TREES))
    symbols: bytearray = field(default_factory=lambda: bytearray(CODES * TREES))
    planted: set[int] = field(default_factory=set)
    names: bytes = b""
    jfif: bool = False
    adobe: int | None = None
    scan: int = 0

    def read(self, data: memoryview) -> "Headers":
        """Read up to the scan. Raises Unusual."""
        try:
            self._read(data)
        except (IndexError, struct.error, ValueError) as fault:
            raise Unusual from fault
        return self

    def _read(self, data: memoryview) -> None:
        if data[:2] != _BEGINS:
            raise Unusual
        at = 2
        while not self.scan:
            lead, marker, length = struct.unpack_from(">BBH", data, at)
            end = at + 2 + length
            if lead != _LEAD or end > len(data):
                raise Unusual
            self._take(marker, bytes(data[at + 4 : end]))
            at = end
            if marker == _SCAN:
                self.scan = at

    def _take(self, marker: int, segment: bytes) -> None:
        match marker:
            case 0xC0 | 0xC1:
                self._frame(segment)
            case 0xC4:
                self._trees(segment)
            case 0xDB:
                self._steps(segment)
            case 0xDD:
                (self.restart,) = struct.unpack(">H", segment)
            case 0xDA:
                self._chosen(segment)
            case 0xE0:
                self.jfif |= segment.startswith(b"JFIF\0")
            case 0xEE if segment.startswith(b"Adobe"):
                self.adobe = segment[_ADOBE_TRANSFORM]
            case _ if not _is_passed_over(marker):
                raise Unusual

    def _frame(self, segment: bytes) -> None:
        bits, self.height, self.width, count = struct.unpack_from(">BHHB", segment)
        described = [segment[place : place + 3] for place in range(6, len(segment), 3)]
        if self.parts or bits != _BITS or not self.width or not self.height or count not in (1, 3) or len(described) != count:
            raise Unusual
        self.names = bytes(one[0] for one in described)
        self.parts = [Part(one[1] >> 4, one[1] & 15, one[2]) for one in described]
        if count == 1:  # A.2.2: alone it comes block by block
            self.parts = [Part(1, 1, described[0][2])]
        if any((part.across, part.down) not in (_SQUARES if part is self.parts[0] else _SQUARES[:1]) for part in self.parts):
            raise Unusual

    def _steps(self, segment: bytes) -> None:
        while segment:
            table, found = segment[0], segment[1 : 1 + _STEPS]
            if table not in IDS or len(found) != _STEPS:
                raise Unusual
            self.steps[table], segment = tuple(found[:LOWEST]), segment[1 + _STEPS :]

    def _trees(self, segment: bytes) -> None:
        while segment:
            kind, table, counts = segment[0] >> 4, segment[0] & 15, segment[1 : 1 + LENGTHS]
            codes = sum(counts)
            symbols = segment[1 + LENGTHS : 1 + LENGTHS + codes]
            known = all(map(_is_direct if kind == 0 else _is_alternating, symbols))
            if kind > 1 or table not in IDS or codes > CODES or len(symbols) != codes or not known:
                raise Unusual
            tree = table + kind * len(IDS)
            self.counts[LENGTHS * tree : LENGTHS * (tree + 1)] = counts
            self.symbols[CODES * tree : CODES * tree + codes] = symbols
            self.planted.add(tree)
            segment = segment[1 + LENGTHS + codes :]

    def _chosen(self, segment: bytes) -> None:
        """One scan for all: what comes in several is left to others."""
        count = len(self.parts)
        chosen = segment[1 : 1 + 2 * count]
        if not count or segment[0] != count or segment[1 + 2 * count :] != _WHOLE_BLOCK or chosen[::2] != self.names:
            raise Unusual
        if count > 1 and (self.adobe not in (None, _YCBCR) or not (self.jfif or self.adobe or self.names == _NAMED_YCBCR)):
            raise Unusual
        self.parts = [
            Part(part.across, part.down, part.table, trees >> 4, trees & 15) for part, trees in zip(self.parts, chosen[1::2], strict=True)
        ]
        if any(
            part.table not in self.steps or not {part.direct, part.alternating + len(IDS)} <= self.planted or part.direct not in IDS
            for part in self.parts
        ):
            raise Unusual


def _is_direct(symbol: int) -> bool:
    return symbol <= _DIRECT_SIZE


def _is_alternating(symbol: int) -> bool:
    size = symbol & 15
    return 1 <= size <= _ALTERNATING_SIZE or symbol in _ENDS_AND_SIXTEEN


def _is_passed_over(marker: int) -> bool:
    """Notes of applications and comments."""
    return 0xE0 <= marker <= 0xEF or marker == 0xFE  # noqa: PLR2004 - B.1.1.3
