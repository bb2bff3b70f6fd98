"""How soft the clearest edges in the middle of a picture are.

An edge that the lens has spread by a Gaussian of width s loses, when it is spread once more by b, sqrt((s² + a²) / (s² + b²)) of the
slope that it had when spread by a (Zhuo and Sim, Pattern Recognition 44, 2011). The ratio knows nothing of how strong the edge is, so
dark and light skin give the same width.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SOFT = 1.65  # pixels at 1280 px on the long side: what a person sees as unsharp without enlarging
_NARROW, _WIDE = 1.0, 2.0
_FINER = 16  # a level is counted in sixteenths, so that spreading rounds nothing away
_MIDDLE = 0.21  # left out on each side: the background may be as soft as it likes
_EDGES = 0.01  # the share of places that count as edges
_FAINTEST = 6  # levels over two pixels, below which there is only noise: over soft dark skin it would pass for edges
_FEWEST = 50
_OF_EDGES = 87  # percent: one sharp thing in front does not make the others sharp


def width_of_edges(grey: Image.Image) -> float:
    """The width (standard deviation) in pixels by which clear edges are spread; infinite where none is clear."""
    across, down = round(grey.width * _MIDDLE), round(grey.height * _MIDDLE)
    middle = grey.crop((across, down, grey.width - across, grey.height - down))
    # One, two and one quarter of three neighbours are a Gaussian's first step: variance 1/2, and 2 where they lie two places apart.
    once = _spread(np.asarray(middle).astype(np.uint16) * _FINER, 1, 1)
    narrow, wide = _slopes(once), _slopes(_spread(once, 1, 2, 1))
    least = max(_FAINTEST * _FINER, float(np.quantile(wide[::3, ::3], 1 - _EDGES)))
    edges = wide >= least
    if np.count_nonzero(edges) < _FEWEST:
        return float("inf")
    ratio = float(np.percentile(narrow[edges] / wide[edges], _OF_EDGES)) ** 2
    if ratio <= 1:
        return float("inf")
    return float(np.sqrt(max(0.0, (_WIDE**2 - ratio * _NARROW**2) / (ratio - 1))))


def _spread(levels: NDArray[np.uint16], *apart: int) -> NDArray[np.uint16]:
    """A picture spread by one step after the other, down and across; the border goes on as it ends."""
    for far in apart:
        for axis in (0, 1):
            wide = np.pad(levels, [(far, far) if axis == side else (0, 0) for side in (0, 1)], mode="edge")
            wide = wide if axis == 0 else wide.T
            size = len(wide) - 2 * far
            found = wide[:size] + wide[2 * far :]
            found += wide[far : far + size]
            found += wide[far : far + size]
            found += 2
            found >>= 2
            levels = found if axis == 0 else found.T
    return levels


def _slopes(grey: NDArray[np.uint16]) -> NDArray[np.int16]:
    """How steep each place is, in levels over two pixels, across and down together."""
    levels = grey.astype(np.int16)
    steep: NDArray[np.int16] = np.abs(levels[1:-1, 2:] - levels[1:-1, :-2])
    steep += np.abs(levels[2:, 1:-1] - levels[:-2, 1:-1])
    return steep
