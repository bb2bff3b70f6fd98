"""What finders say about a photograph, in words that every part of covering shares. Pure.

A box is a share of the UPRIGHT photograph: 0..1 from its left and upper edge, whatever size it is shown in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import ceil, floor
from operator import itemgetter
from typing import Self

_Edges = tuple[float, float, float, float]

# An edge that lies on a whole pixel must not slip over it by the last bits of a fraction.
_ROUNDING = 1e-6


class NotABox(ValueError):
    """Edges outside the photograph, in the wrong order, or no numbers at all."""


@dataclass(frozen=True)
class Box:
    """A rectangle of the upright photograph: left, top, width and height, each a share of the photograph's own."""

    x: float
    y: float
    w: float
    h: float

    def __post_init__(self) -> None:
        """Refuse what is no rectangle within the photograph; comparisons are false for what is no number."""
        inside = 0 <= self.x <= 1 and 0 <= self.y <= 1 and 0 < self.w <= 1 and 0 < self.h <= 1
        if not (inside and self.x + self.w <= 1 + _ROUNDING and self.y + self.h <= 1 + _ROUNDING):
            raise NotABox

    @classmethod
    def of_pixels(cls, x0: float, y0: float, x1: float, y1: float, width: int, height: int) -> Self:
        """The box between two corners, in pixels of an upright picture of this size; what lies outside is cut off.

        Raises NotABox where nothing is left.
        """
        if width < 1 or height < 1:
            raise NotABox
        left, right = (min(max(edge, 0.0), float(width)) for edge in (x0, x1))
        top, bottom = (min(max(edge, 0.0), float(height)) for edge in (y0, y1))
        return cls(left / width, top / height, (right - left) / width, (bottom - top) / height)

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right, bottom in pixels of an upright picture of this size: rounded outward, at least one pixel, within it."""
        left, right = _outward(self.x, self.x + self.w, width)
        top, bottom = _outward(self.y, self.y + self.h, height)
        return left, top, right, bottom


def _outward(begin: float, end: float, length: int) -> tuple[int, int]:
    first = min(max(floor(begin * length + _ROUNDING), 0), length - 1)
    return first, max(min(ceil(end * length - _ROUNDING), length), first + 1)


def share_in(box: Box, places: Iterable[Box]) -> float:
    """How much of a box lies in some places together: what lies in two of them counts once."""
    parts = [part for place in places if (part := _cut(box, place))]
    edges = sorted({edge for left, _, right, _ in parts for edge in (left, right)})
    area = sum(
        (right - left) * _length([part for part in parts if part[0] <= left and right <= part[2]]) for left, right in pairwise(edges)
    )
    return area / (box.w * box.h)


def _cut(box: Box, place: Box) -> _Edges | None:
    left, top = max(box.x, place.x), max(box.y, place.y)
    right, bottom = min(box.x + box.w, place.x + place.w), min(box.y + box.h, place.y + place.h)
    return (left, top, right, bottom) if left < right and top < bottom else None


def _length(parts: Iterable[_Edges]) -> float:
    """How much of a line down the picture lies in some parts together."""
    length, reached = 0.0, 0.0
    for _, top, _, bottom in sorted(parts, key=itemgetter(1)):
        length += max(bottom - max(top, reached), 0.0)
        reached = max(reached, bottom)
    return length


class Kind(StrEnum):
    FACE = "face"
    TEXT = "text"
    BARCODE = "barcode"
    METADATA = "metadata"


@dataclass(frozen=True)
class Found:
    """One thing that may say who a patient is, as a finder saw it. Nothing is covered until a person has said so.

    `box` is None for metadata, which has no place in the picture. `confidence` is 0..1 and means something only beside others of the
    same finder. `text` is what was read, "" where nothing was: it is identity and is sealed wherever it is kept. `low` marks
    a place that looks like a barcode and could not be read.
    """

    kind: Kind
    box: Box | None
    confidence: float
    text: str
    finder: str
    version: str
    low: bool = False


@dataclass(frozen=True)
class Stage:
    """What one step of looking brought: "faces", "text", "barcodes", "text-close" or "metadata".

    `failed` says that the step did not come to its end: its empty `found` is no "nothing found". `done` stands on the last
    stage of a photograph. `width` and `height` are of the upright photograph in pixels, 0 where it could not be drawn.
    """

    name: str
    found: tuple[Found, ...]
    failed: bool = False
    done: bool = False
    width: int = 0
    height: int = 0
