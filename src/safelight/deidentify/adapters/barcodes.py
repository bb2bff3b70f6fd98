"""Barcodes, by zxing-cpp: every kind that it reads, for wristbands and labels carry many.

1. The photograph at its full size, in shades of grey: small labels are read nowhere else.
2. Rows of bars that lie at a slant: their reader looks along the picture's lines and columns only. Where OpenCV's detector sees bars side
   by side, the place is turned straight and read by itself.
3. Where nothing was read, a closer look: a small photograph as a whole, a large one round the places that look like a symbol.
   Enlarged and sharpened, turned by an eighth, and with another way to tell black from white.
4. Where one place was read as two different things, that stands which most ways of looking closer say, or neither.
5. A place that looks like a symbol and stays unread is told as `low`.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version

import cv2
import numpy as np
import zxingcpp

from safelight.deidentify.adapters.bars import Bars, Corners, around, straightened
from safelight.deidentify.boxes import Box, Found, Kind
from safelight.deidentify.ports import Pixels, Steps, Upright

NAME, VERSION = "zxing-cpp", f"{version('zxing-cpp')}-bars"  # read with OpenCV's eye for bars: older findings are of another finder
_SMALL = 1600  # pixels of the long side: a closer look at all of a larger photograph would take two seconds
_MOST_CROPS, _LARGEST_CROP = 6, 800
_READ, _UNREAD = 1.0, 0.3
_GROWTH = 0.08  # of the longer side: a reader stops at the last bar that it needs
_LEAST_SIDE = 16  # pixels: no symbol can be told below
_SLIM = 0.25  # a row of bars is told by a line across it, and is as tall as a quarter of its length


@dataclass(frozen=True)
class Symbol:
    corners: Corners  # x and y in pixels, clockwise
    text: str
    read: bool
    in_a_row: bool


class Barcodes:
    """The finder of barcodes, as the port Finder promises."""

    steps = ("barcodes",)

    def __init__(self) -> None:
        self._bars = Bars()

    def look(self, photograph: Upright) -> Steps:
        """Barcodes, once."""
        rows, places = self._bars.places(photograph), []
        read = _symbols(photograph.grey)  # (1)
        read += self._at_a_slant(photograph.grey, [row for row in rows if not any(_meets(_at(row), other) for other in read)])  # (2)
        read = [_with_all_its_bars(symbol, rows) for symbol in read]
        if not read:
            places = _places(photograph)
            read = _closer(photograph.grey, places)  # (3)
        elif unsure := [symbol for symbol in read if any(_contradicts(symbol, other) for other in read)]:
            sure = _said_most(photograph.grey, unsure)  # (4)
            read = [symbol for symbol in read if symbol.text == sure or not any(symbol is other for other in unsure)]
            places = [Symbol(symbol.corners, "", read=False, in_a_row=symbol.in_a_row) for symbol in unsure]
        unread = [symbol for symbol in places if not any(_meets(symbol, other) for other in read)]  # (5)
        yield tuple(_found(symbol, photograph.width, photograph.height) for symbol in [*read, *unread])

    def _at_a_slant(self, grey: Pixels, places: list[Corners]) -> Iterator[Symbol]:
        for place in places[:_MOST_CROPS]:
            straight, way = straightened(grey, place)
            twice = np.asarray(cv2.resize(straight, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), np.uint8)
            for picture, enlarged in ((straight, 1), (twice, 2)):
                if symbols := [one for one in _symbols(picture) if one.in_a_row]:
                    yield from (_brought_back(one, way * enlarged, (0, 0)) for one in symbols)
                    break


def _with_all_its_bars(symbol: Symbol, rows: list[Corners]) -> Symbol:
    """A row of bars is read along one line; what it says stands in all of it."""
    for row in rows if symbol.in_a_row else ():
        if _meets(symbol, _at(row)):
            return replace(symbol, corners=around(symbol.corners, row))
    return symbol


def _at(row: Corners) -> Symbol:
    return Symbol(row, "", read=False, in_a_row=True)


def _symbols(grey: Pixels, *, binarizer: zxingcpp.Binarizer = zxingcpp.Binarizer.LocalAverage, unread: bool = False) -> list[Symbol]:
    found = zxingcpp.read_barcodes(np.ascontiguousarray(grey), return_errors=unread, binarizer=binarizer)
    return [_symbol(one) for one in found]


def _places(photograph: Upright) -> list[Symbol]:
    """Where the reduced photograph shows what looks like a symbol.

    Not asked for in the first look: with what is unread in its answer the reader takes the first best reading of a blurred symbol.
    """
    reduced = np.asarray(cv2.cvtColor(photograph.closer, cv2.COLOR_RGB2GRAY), np.uint8)
    enlarged = photograph.width / reduced.shape[1]
    seen = (symbol for symbol in _symbols(reduced, unread=True) if not symbol.read)
    return [Symbol(one.corners * enlarged, "", read=False, in_a_row=one.in_a_row) for one in seen if _large_enough(one)]


def _symbol(one: zxingcpp.Barcode) -> Symbol:
    place = one.position
    corners = [(corner.x, corner.y) for corner in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)]
    return Symbol(np.array(corners, np.float32), _text(one) if one.valid else "", bool(one.valid), one.format not in _MATRICES)


def _text(one: zxingcpp.Barcode) -> str:
    """What the symbol says, as it is printed beside it."""
    if one.format == zxingcpp.BarcodeFormat.Codabar:
        return str(one.text)[1:-1]  # EN 798: the letters at its ends begin and end it, and are no data
    if one.format == zxingcpp.BarcodeFormat.EAN13 and one.text.startswith("0"):
        return str(one.text)[1:]  # GS1 General Specifications, 5.2.1: a UPC-A symbol
    return str(one.text)


_MATRICES = {
    zxingcpp.BarcodeFormat.QRCode,
    zxingcpp.BarcodeFormat.MicroQRCode,
    zxingcpp.BarcodeFormat.DataMatrix,
    zxingcpp.BarcodeFormat.Aztec,
    zxingcpp.BarcodeFormat.PDF417,
    zxingcpp.BarcodeFormat.MaxiCode,
}


def _closer(grey: Pixels, places: list[Symbol]) -> list[Symbol]:
    height, width = grey.shape
    if max(height, width) <= _SMALL:
        return _closely(grey, (0, 0))
    read: list[Symbol] = []
    for place in places[:_MOST_CROPS]:
        (left, top), (right, bottom) = place.corners.min(axis=0), place.corners.max(axis=0)
        more = 0.5 * max(right - left, bottom - top)
        x0, y0, x1, y1 = (
            int(edge) for edge in (max(left - more, 0), max(top - more, 0), min(right + more, width), min(bottom + more, height))
        )
        if max(x1 - x0, y1 - y0) <= _LARGEST_CROP:
            read.extend(_closely(grey[y0:y1, x0:x1], (x0, y0)))
    return read


def _closely(grey: Pixels, corner: tuple[int, int]) -> list[Symbol]:
    """What is read in any of the other ways to look; the first way that reads something is enough."""
    for picture, way, binarizer in _ways(grey):
        if read := _symbols(picture, binarizer=binarizer):
            return [_brought_back(symbol, way, corner) for symbol in read]
    return []


def _said_most(grey: Pixels, unsure: list[Symbol]) -> str:
    """The one text that more ways to look read than any other; "" where none is ahead."""
    corners = np.concatenate([symbol.corners for symbol in unsure])
    low, high = corners.min(axis=0), corners.max(axis=0)
    more = 0.2 * float((high - low).max())
    (left, top), (right, bottom) = (np.maximum(low - more, 0).astype(int), (high + more).astype(int))
    crop = grey[top:bottom, left:right]
    said = Counter(text for picture, _, binarizer in _ways(crop) for text in {one.text for one in _symbols(picture, binarizer=binarizer)})
    # Sorted here: what the counter itself would use is imported late, and behind the walls nothing can be.
    ahead = sorted(said.items(), key=lambda one: -one[1])
    return ahead[0][0] if ahead and (len(ahead) == 1 or ahead[0][1] > ahead[1][1]) else ""


def _ways(grey: Pixels) -> Iterator[tuple[Pixels, Corners | None, zxingcpp.Binarizer]]:
    """The other ways to look: a picture, how its pixels came about, and how black is told from white."""
    height, width = grey.shape
    twice = np.asarray(cv2.resize(grey, (2 * width, 2 * height), interpolation=cv2.INTER_CUBIC), np.uint8)
    enlarged = np.array([[2, 0, 0], [0, 2, 0]], np.float32)
    sharp = np.asarray(cv2.addWeighted(twice, 2.0, cv2.GaussianBlur(twice, (0, 0), 3), -1.0, 0), np.uint8)
    yield sharp, enlarged, zxingcpp.Binarizer.LocalAverage
    eighth, side = _turn_by_an_eighth(width, height), int(np.ceil(np.hypot(width, height)))
    turned = cv2.warpAffine(grey, eighth, (side, side), flags=cv2.INTER_CUBIC, borderValue=(255,))
    yield np.asarray(turned, np.uint8), eighth, zxingcpp.Binarizer.LocalAverage
    yield grey, None, zxingcpp.Binarizer.GlobalHistogram
    yield twice, enlarged, zxingcpp.Binarizer.GlobalHistogram


def _turn_by_an_eighth(width: int, height: int) -> Corners:
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 45, 1.0)
    side = np.ceil(np.hypot(width, height))
    turn[:, 2] += (side - width) / 2, (side - height) / 2
    return np.asarray(turn, np.float32)


def _brought_back(symbol: Symbol, way: Corners | None, corner: tuple[int, int]) -> Symbol:
    corners = symbol.corners if way is None else cv2.transform(symbol.corners[None], cv2.invertAffineTransform(way))[0]
    return Symbol((corners + np.array(corner)).astype(np.float32), symbol.text, symbol.read, symbol.in_a_row)


def _large_enough(symbol: Symbol) -> bool:
    return bool(np.linalg.norm(symbol.corners - np.roll(symbol.corners, 1, axis=0), axis=1).max() >= _LEAST_SIDE)


def _meets(one: Symbol, other: Symbol) -> bool:
    low, high = (
        np.maximum(one.corners.min(axis=0), other.corners.min(axis=0)),
        np.minimum(one.corners.max(axis=0), other.corners.max(axis=0)),
    )
    return bool((low < high).all())


def _contradicts(one: Symbol, other: Symbol) -> bool:
    """Whether two readings are of one row of bars: each may have been read in another part of its height."""
    return one.text != other.text and one.in_a_row and other.in_a_row and _meets(_taller(one), _taller(other))


def _taller(symbol: Symbol) -> Symbol:
    more = _SLIM * float((symbol.corners.max(axis=0) - symbol.corners.min(axis=0)).max())
    outward = np.sign(symbol.corners - symbol.corners.mean(axis=0))
    return Symbol((symbol.corners + more * outward).astype(np.float32), symbol.text, symbol.read, symbol.in_a_row)


def _found(symbol: Symbol, width: int, height: int) -> Found:
    sides = np.linalg.norm(symbol.corners - np.roll(symbol.corners, 1, axis=0), axis=1)
    more = _GROWTH * float(sides.max())
    if symbol.in_a_row:
        more = max(more, (_SLIM * float(sides.max()) - float(sides.min())) / 2)
    (left, top), (right, bottom) = symbol.corners.min(axis=0) - more, symbol.corners.max(axis=0) + more
    box = Box.of_pixels(float(left), float(top), float(right), float(bottom), width, height)
    return Found(Kind.BARCODE, box, _READ if symbol.read else _UNREAD, symbol.text, NAME, VERSION, low=not symbol.read)
