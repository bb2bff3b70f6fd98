"""How soft the clearest edges in the middle of a picture are.

An edge that the lens has spread by a Gaussian of width s loses, when it is spread once more by b, sqrt((s² + a²) / (s² + b²)) of the
slope that it had when spread by a (Zhuo and Sim, Pattern Recognition 44, 2011). The ratio knows nothing of how strong the edge is, so
dark and light skin give the same width.
"""

import cv2
import numpy as np
from cv2.typing import MatLike

SOFT = 1.75  # pixels at 1280 px on the long side: what a person sees as unsharp without enlarging, and 0.1 for reducing to that size
_NARROW, _WIDE = 1.0, 2.0
_FINER_BITS = 4  # a level is counted in sixteenths, so that spreading rounds nothing away
_MIDDLE = 0.21  # left out on each side: the background may be as soft as it likes
_EDGES = 0.01  # the share of places that count as edges
_FAINTEST = 6  # levels over two pixels, below which there is only noise: over soft dark skin it would pass for edges
_FEWEST = 50
_FEWEST_ROWS = 3
_OF_EDGES = 87  # percent: one sharp thing in front does not make the others sharp


def width_of_edges(grey: MatLike) -> float:
    """The width (standard deviation) in pixels by which clear edges are spread; infinite where none is clear."""
    down, across = (round(side * _MIDDLE) for side in grey.shape)
    middle = grey[down : grey.shape[0] - down, across : grey.shape[1] - across]
    if min(middle.shape) < _FEWEST_ROWS:
        return float("inf")
    once = _spread(np.left_shift(middle, _FINER_BITS, dtype=np.uint16))
    narrow, wide = _slopes(once), _slopes(_spread(_spread_far(once)))
    least = max(_FAINTEST << _FINER_BITS, float(np.quantile(wide[::3, ::3], 1 - _EDGES)))
    edges = wide >= least
    if np.count_nonzero(edges) < _FEWEST:
        return float("inf")
    ratio = float(np.percentile(narrow[edges] / wide[edges], _OF_EDGES)) ** 2
    if ratio <= 1:
        return float("inf")
    return float(np.sqrt(max(0.0, (_WIDE**2 - ratio * _NARROW**2) / (ratio - 1))))


def _spread(levels: MatLike) -> MatLike:
    """Twice one, two and one quarter of three neighbours, a Gaussian's first step (variance 1/2), down and across."""
    return cv2.GaussianBlur(levels, (5, 5), 0, borderType=cv2.BORDER_REPLICATE)  # 1, 4, 6, 4, 1 of 16


def _spread_far(levels: MatLike) -> MatLike:
    """The same once, with neighbours that lie two places apart (variance 2)."""
    wide = np.asarray(cv2.copyMakeBorder(levels, 2, 2, 2, 2, cv2.BORDER_REPLICATE), np.uint16)
    down = wide[:-4] + wide[4:]
    down += wide[2:-2]
    down += wide[2:-2]
    down += 2
    down >>= 2
    found = down[:, :-4] + down[:, 4:]
    found += down[:, 2:-2]
    found += down[:, 2:-2]
    found += 2
    found >>= 2
    return found


def _slopes(levels: MatLike) -> MatLike:
    """How steep each place is, in levels over two pixels, across and down together."""
    signed = levels.view(np.int16)  # a sixteenth of a level is at most 4080
    return cv2.add(cv2.absdiff(signed[1:-1, 2:], signed[1:-1, :-2]), cv2.absdiff(signed[2:, 1:-1], signed[:-2, 1:-1]))
