"""Finding a slate in a picture. Only for the worker: it decodes."""

from dataclasses import dataclass, field
from math import dist

import zxingcpp
from cv2.typing import MatLike

from safelight.photographs.slates import code

_FORMATS = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.DataMatrix, zxingcpp.BarcodeFormat.QRCode])

_SMALLEST_SIDE = 20  # pixels: no symbol of 18 modules can be told below
_LEAST_SQUARE = 0.7  # shortest by longest side


@dataclass
class Seen:
    """The valid slates of a frame in the order found, and whether there was a symbol that could not be read."""

    slates: list[str] = field(default_factory=list)
    unread: bool = False


def look(grey: MatLike) -> Seen:
    """Read the slates of a picture in shades of grey.

    Not inverted: that doubles the time and no slate is printed white on black. A symbol counts as unread where the reader
    found a square one but its error correction failed, or where its text begins as a slate's does and the check characters disagree.
    """
    seen = Seen()
    for found in zxingcpp.read_barcodes(grey, formats=_FORMATS, try_invert=False, return_errors=True):
        text = found.text if found.valid else ""
        if code.valid(text):
            if text not in seen.slates:
                seen.slates.append(text)
        elif code.claims_to_be_a_slate(text) or (not found.valid and _square(found.position)):
            seen.unread = True
    return seen


def _square(place: zxingcpp.Position) -> bool:
    """Whether a place is large and square enough for a slate seen aslant. Folds, hair and print give small and crooked ones."""
    corners = [(corner.x, corner.y) for corner in (place.top_left, place.top_right, place.bottom_right, place.bottom_left)]
    sides = [dist(corner, corners[index - 1]) for index, corner in enumerate(corners)]
    return min(sides) >= _SMALLEST_SIDE and min(sides) >= _LEAST_SQUARE * max(sides)
