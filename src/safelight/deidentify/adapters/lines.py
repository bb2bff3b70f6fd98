"""Lines of print and where they lie. A line at a slant is known by its own four corners: the upright boxes of two lines that lie one
under the other at a slant hold each other's print. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_ON_END = 1.5  # times as long as high
_SAME, _WITHIN, _TOGETHER = 0.5, 0.8, 0.3
_AS_WELL = 0.95  # closer pixels, and those that were turned upright, are believed where they are read about as well
_SAME_WAY, _SAME_ROW, _APART, _AS_HIGH = 0.98, 0.5, 0.5, 0.5  # cosine; of a line's height, twice; of the higher line
_LONGER = 1.1
_UPRIGHT_AT = 1.5  # times as high as wide: it is turned to the left before it is read
_PARALLEL = 0.97  # cosine
_OF_A_LETTER, _DOUBTFUL = 0.1, 0.8

Corners = NDArray[np.float32]
Place = tuple[float, float, float, float]


@dataclass(frozen=True)
class Line:
    """A line of text: its four corners clockwise from where reading begins, in shares of the photograph, and what was read with what
    certainty.
    """

    corners: Corners
    text: str
    certainty: float

    @property
    def place(self) -> Place:
        """Left, top, right and bottom of the upright box round it."""
        (left, top), (right, bottom) = self.corners.min(axis=0), self.corners.max(axis=0)
        return max(float(left), 0.0), max(float(top), 0.0), min(float(right), 1.0), min(float(bottom), 1.0)

    @property
    def weight(self) -> float:
        """How much was read, and how certainly."""
        return len(plain(self.text)) * self.certainty

    @property
    def say(self) -> float:
        """How much it tells which way is up: letters do, if they are read well; digits read well upside down."""
        letters = sum(letter.isalpha() for letter in self.text)
        digits = sum(letter.isdigit() for letter in self.text)
        return (letters + _OF_A_LETTER * digits) * max(self.certainty - _DOUBTFUL, 0) / (1 - _DOUBTFUL)


def grown(corners: Corners, more: float) -> Corners:
    """The corners moved outward by so much, along their own sides."""
    middle = corners.mean(axis=0)
    along = corners[1] - corners[0] + corners[2] - corners[3]
    along = along / max(float(np.linalg.norm(along)), 1e-6)
    across = np.array([-along[1], along[0]], np.float32)
    off = corners - middle
    outward = np.sign(off @ along)[:, None] * along + np.sign(off @ across)[:, None] * across
    return np.asarray(corners + more * outward, np.float32)


def begun_at(corners: Corners, turns: int) -> Corners:
    """The corners from where reading begins, if what lies in them was turned to the left so often until it read well.

    What stands on end is turned once before.
    """
    high = max(np.linalg.norm(corners[0] - corners[3]), np.linalg.norm(corners[1] - corners[2]))
    wide = max(np.linalg.norm(corners[0] - corners[1]), np.linalg.norm(corners[2] - corners[3]))
    return np.roll(corners, -turns - int(high >= _UPRIGHT_AT * wide), axis=0)


def balance(line: Line, others: Iterable[Line]) -> float:
    """What is said for the way a line is read, less what is said against it: by itself and by all that lie as it does."""
    said, way = line.say, _reads(line)
    for other in others:
        same = float(way @ _reads(other))
        if abs(same) > _PARALLEL:
            said += other.say if same > 0 else -other.say
    return said


def moved(line: Line, size: tuple[int, int], corner: tuple[int, int], whole: tuple[int, int]) -> Line:
    """A line of a part of this size, width and height, that begins at this corner, as a line of the whole."""
    corners = (line.corners * np.array(size) + np.array(corner)) / np.array(whole)
    return Line(corners.astype(np.float32), line.text, line.certainty)


def turned_back(line: Line, turns: int) -> Line:
    """A line of a picture that was turned to the left so often, at its place in the one that was not."""
    corners = line.corners
    for _ in range(turns % 4):
        corners = np.stack([1 - corners[:, 1], corners[:, 0]], axis=1)
    return Line(corners.astype(np.float32), line.text, line.certainty)


def most_on_end(places: Iterable[Corners]) -> bool:
    """Whether more print stands on end than lies, by the lengths of its lines. What is about as high as wide tells nothing."""
    on_end = lying = 0.0
    for place in places:
        (long, high), (across, down) = _sides(place), abs(_way(place))
        if long > _ON_END * high:
            length = long / max(high, 1)
            on_end, lying = (on_end + length, lying) if down > across else (on_end, lying + length)
    return on_end > lying


def better(turned: list[Line], before: list[Line]) -> list[Line]:
    """Every line once: as it was read with the picture turned, in pieces or as a whole, unless it was seen or read better without."""
    kept = list(turned)
    for line in before:
        same = [other for other in kept if lie_together(line.corners, other.corners) or share(other.corners, line.corners) > _WITHIN]
        if not same:
            kept.append(line)
        elif _AS_WELL * line.weight > sum(other.weight for other in same):
            kept = [other for other in kept if not any(other is one for one in same)] + [line]
    return kept


def new(tiles: list[Line], whole: list[Line]) -> list[Line]:
    """What the tiles add: lines not seen before, and other readings of those that were."""
    kept: list[Line] = []
    for line in sorted(tiles, key=lambda one: one.weight, reverse=True):
        before = next((seen for seen in whole if overlap(line.corners, seen.corners) > _SAME), None)
        if before is not None:
            if plain(before.text) != plain(line.text) and line.weight > _AS_WELL * before.weight:
                kept.append(Line(before.corners, line.text, line.certainty))  # the very same box, better read
            continue
        if any(share(line.corners, other.corners) > _WITHIN for other in kept):
            continue
        if any(share(line.corners, seen.corners) > _WITHIN and plain(line.text) in plain(seen.text) for seen in whole):
            continue
        kept.append(line)
    return kept


def joined(pieces: list[tuple[int, Corners]]) -> list[Corners]:
    """The corners of each line that was cut in pieces by the edges of tiles. Each piece is told with its tile.

    Two of different tiles are of one line where they lie in one row and meet.
    """
    rows: list[list[tuple[int, Corners]]] = []
    for tile, corners in pieces:
        mine = [row for row in rows if any(other != tile and _in_a_row(corners, there) for other, there in row)]
        rows = [row for row in rows if not any(row is one for one in mine)] + [[*(one for row in mine for one in row), (tile, corners)]]
    lines = [([corners for _, corners in row], _around([corners for _, corners in row])) for row in rows if len(row) > 1]
    return [whole for row, whole in lines if _sides(whole)[0] > _LONGER * max(_sides(one)[0] for one in row)]


def _in_a_row(one: Corners, other: Corners) -> bool:
    (long, high), (as_long, as_high) = _sides(one), _sides(other)
    if min(high, as_high) < _AS_HIGH * max(high, as_high) or long < high or as_long < as_high:
        return False
    way, off = _way(one if long >= as_long else other), other.mean(axis=0) - one.mean(axis=0)
    along, across = abs(float(off @ way)), abs(float(off[0] * way[1] - off[1] * way[0]))
    straight = abs(float(_way(one) @ _way(other))) > _SAME_WAY
    return straight and across < _SAME_ROW * min(high, as_high) and along < (long + as_long) / 2 + _APART * max(high, as_high)


def _around(pieces: list[Corners]) -> Corners:
    """The corners of the smallest rectangle round all pieces that lies as the longest of them does."""
    longest = max(pieces, key=lambda one: _sides(one)[0])
    right = longest[1] - longest[0]
    right = right / max(float(np.linalg.norm(right)), 1e-6)
    way = np.stack([right, np.array([-right[1], right[0]], np.float32)])
    there = np.concatenate(pieces) @ way.T
    (left, top), (most_right, bottom) = there.min(axis=0), there.max(axis=0)
    return np.asarray(np.array([[left, top], [most_right, top], [most_right, bottom], [left, bottom]]) @ way, np.float32)


def _sides(corners: Corners) -> tuple[float, float]:
    """The longer side and the shorter one."""
    wide, high = float(np.linalg.norm(corners[1] - corners[0])), float(np.linalg.norm(corners[2] - corners[1]))
    return max(wide, high), min(wide, high)


def _reads(line: Line) -> Corners:
    way = line.corners[1] - line.corners[0]
    return np.asarray(way / max(float(np.linalg.norm(way)), 1e-6), np.float32)


def _way(corners: Corners) -> Corners:
    """The way of the longer side, of length one."""
    wide, high = corners[1] - corners[0], corners[2] - corners[1]
    way = wide if wide @ wide >= high @ high else high
    return np.asarray(way / max(float(np.linalg.norm(way)), 1e-6), np.float32)


def lie_together(one: Corners, other: Corners) -> bool:
    """Whether both are of one line: they overlap, or the first lies within the second."""
    return overlap(one, other) > _TOGETHER or share(one, other) > _WITHIN


def share(one: Corners, other: Corners) -> float:
    """How much of the first lies within the second."""
    return _shared(one, other) / (_area(one) or 1)


def overlap(one: Corners, other: Corners) -> float:
    """What both share, by what either holds."""
    both = _shared(one, other)
    return both / ((_area(one) + _area(other) - both) or 1)


def plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _area(corners: Corners) -> float:
    x, y = corners[:, 0], corners[:, 1]
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def _shared(one: Corners, other: Corners) -> float:
    """The area of both together: the first, cut along each side of the second (Sutherland and Hodgman 1974)."""
    if (one.min(axis=0) >= other.max(axis=0)).any() or (other.min(axis=0) >= one.max(axis=0)).any():
        return 0.0
    left = [(float(x), float(y)) for x, y in one]
    ends = [(float(x), float(y)) for x, y in other]
    for (x0, y0), (x1, y1) in zip(ends, ends[1:] + ends[:1], strict=True):
        inside = [(x1 - x0) * (y - y0) - (y1 - y0) * (x - x0) for x, y in left]
        cut: list[tuple[float, float]] = []
        for number, (x, y) in enumerate(left):
            (before_x, before_y), before, now = left[number - 1], inside[number - 1], inside[number]
            if (before >= 0) != (now >= 0):
                there = before / (before - now)
                cut.append((before_x + there * (x - before_x), before_y + there * (y - before_y)))
            if now >= 0:
                cut.append((x, y))
        left = cut
        if not left:
            return 0.0
    return _area(np.array(left, np.float64))
