"""What a finder is, and what it is given to look at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from safelight.deidentify.boxes import Box, Found

Pixels = NDArray[np.uint8]
Steps = Iterator[tuple[Found, ...]]


@dataclass(frozen=True)
class Upright:
    """One photograph, upright: RGB with long sides of at most 2560 and 1280 pixels, and all of it in shades of grey.

    `width` and `height` are of the whole photograph in pixels. What is smaller than a reduction is not enlarged. `covered` are the
    areas of a covered copy that are black, none in a photograph.
    """

    width: int
    height: int
    closer: Pixels
    whole: Pixels
    grey: Pixels
    covered: tuple[Box, ...] = ()


class Finder(Protocol):
    """Proposes what may say who a patient is. Lives behind walls: it opens files only while it is being made, and never a network.

    Making one reads its trained files and refuses those that are not the ones that were measured; whatever it raises means that
    every one of its steps has failed.
    """

    # The stages that `look` brings, in their order, the quickest first.
    steps: tuple[str, ...]

    # One tuple for each step, as soon as it is known; empty means looked and saw nothing, an exception means that nobody knows.
    # A later step may name a box of an earlier one again, to the last digit, where it has read it better.
    def look(self, photograph: Upright) -> Steps: ...


MakeFinder = Callable[[], Finder]
