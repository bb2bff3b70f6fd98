"""Turned photographs: from the picture that a person sees back to the rows and columns that are stored. Pure.

An orientation (EXIF 2.32, 4.6.4) is one of eight: whether rows and columns change places, and which of the two then run backwards.
"""

from dataclasses import dataclass

Size = tuple[int, int]
Edges = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels; right and bottom are the first that lie outside."""


@dataclass(frozen=True)
class Way:
    """From stored to seen: first rows and columns change places (`swapped`), then columns and rows are run backwards."""

    swapped: bool
    backwards_x: bool
    backwards_y: bool

    @property
    def orientation(self) -> int:
        """Its number in EXIF."""
        return _NUMBERS[self]

    def size(self, size: Size) -> Size:
        """Width and height as seen by those that are stored; or, by the same rule, the other way."""
        return size[::-1] if self.swapped else size

    def stored(self, seen: Edges, size: Size) -> Edges:
        """Where a part of the picture that is seen lies in the stored one. `size` is of the picture that is seen."""
        x0, y0, x1, y1 = self._run(seen, size)
        return (y0, x0, y1, x1) if self.swapped else (x0, y0, x1, y1)

    def seen(self, stored: Edges, size: Size) -> Edges:
        """Where a part of the stored picture is seen. `size` is of the picture that is seen."""
        x0, y0, x1, y1 = stored
        return self._run((y0, x0, y1, x1) if self.swapped else stored, size)

    def _run(self, edges: Edges, size: Size) -> Edges:
        x0, y0, x1, y1 = edges
        if self.backwards_x:
            x0, x1 = size[0] - x1, size[0] - x0
        if self.backwards_y:
            y0, y1 = size[1] - y1, size[1] - y0
        return x0, y0, x1, y1


_WAYS = {
    1: Way(swapped=False, backwards_x=False, backwards_y=False),
    2: Way(swapped=False, backwards_x=True, backwards_y=False),
    3: Way(swapped=False, backwards_x=True, backwards_y=True),
    4: Way(swapped=False, backwards_x=False, backwards_y=True),
    5: Way(swapped=True, backwards_x=False, backwards_y=False),
    6: Way(swapped=True, backwards_x=True, backwards_y=False),
    7: Way(swapped=True, backwards_x=True, backwards_y=True),
    8: Way(swapped=True, backwards_x=False, backwards_y=True),
}
_NUMBERS = {known: number for number, known in _WAYS.items()}


def way(orientation: int, quarters: int) -> Way:
    """How a picture is seen that a file says is turned so, and a person then turned clockwise by so many quarters."""
    found = _WAYS[orientation]
    for _ in range(quarters % 4):
        # A quarter clockwise puts what was at (x, y) at (height - y, x).
        found = Way(swapped=not found.swapped, backwards_x=not found.backwards_y, backwards_y=found.backwards_x)
    return found


def outward(edges: Edges, unit: Size, size: Size) -> Edges:
    """Grown to whole units of coding, within a picture of this size."""
    (across, down), (width, height) = unit, size
    x0, y0, x1, y1 = edges
    return x0 // across * across, y0 // down * down, min(-(-x1 // across) * across, width), min(-(-y1 // down) * down, height)
