"""Lengths in a photo by the ruler in it. Pure.

Points are 0..1 of the upright photo's width and height. A length is right where the thing lies as far from the camera as the ruler and
beside it: so it is said with "about", and a line that does not run as the ruler does is said to be less sure.
"""

import math
from dataclasses import dataclass

LONGEST = 2000.0  # millimetres: no ruler in a clinical photo is longer
SHORTEST = 1.0
LEAST_SHARE = 0.02  # of the photo's longer side: a shorter line is drawn with too large an error
MOST_DEGREES = 15.0


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line in a photo of some width and height in pixels."""

    x0: float
    y0: float
    x1: float
    y1: float

    def inside(self) -> bool:
        """Whether both ends lie in the photo."""
        return all(0.0 <= value <= 1.0 for value in (self.x0, self.y0, self.x1, self.y1))

    def pixels(self, width: int, height: int) -> float:
        """Its length."""
        return math.hypot((self.x1 - self.x0) * width, (self.y1 - self.y0) * height)

    def degrees_to(self, other: "Line", width: int, height: int) -> float:
        """The angle between two lines, 0 to 90."""
        apart = abs(self._angle(width, height) - other._angle(width, height)) % 180.0  # noqa: SLF001 - the same class
        return min(apart, 180.0 - apart)

    def _angle(self, width: int, height: int) -> float:
        return math.degrees(math.atan2((self.y1 - self.y0) * height, (self.x1 - self.x0) * width))


@dataclass(frozen=True, slots=True)
class Ruler:
    """A ruler, or a part of it: from where to where it was drawn, and how many millimetres that is."""

    line: Line
    millimetres: float


def across(ruler: Ruler, width: int, height: int) -> float:
    """How many millimetres a photo shows from side to side, at the distance of its ruler."""
    return width * ruler.millimetres / ruler.line.pixels(width, height)


@dataclass(frozen=True, slots=True)
class Measured:
    """A length by the ruler, and whether its line is not parallel to the ruler."""

    millimetres: float
    degrees: float

    @property
    def slanted(self) -> bool:
        return self.degrees > MOST_DEGREES

    @property
    def words(self) -> str:
        """What is said of it: "about 4.2 cm", "about 7 mm"."""
        centimetres = self.millimetres / 10
        return f"about {centimetres:.1f} cm" if centimetres >= 1 else f"about {self.millimetres:.0f} mm"


def measure(line: Line, ruler: Ruler, *, width: int, height: int) -> Measured:
    """How long a line is, by the ruler in the same photo."""
    share = line.pixels(width, height) / ruler.line.pixels(width, height)
    return Measured(share * ruler.millimetres, line.degrees_to(ruler.line, width, height))


def long_enough(ruler: Ruler, *, width: int, height: int) -> bool:
    """Whether a ruler was drawn so long that a length by it means something."""
    return ruler.line.pixels(width, height) >= LEAST_SHARE * max(width, height)
