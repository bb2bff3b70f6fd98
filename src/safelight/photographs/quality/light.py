"""What the light has taken from a picture: lost in black, lost in white, or hidden under a reflection."""

from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

_MIDDLE = 0.15  # left out on each side
_NOTHING_BRIGHTER, _BRIGHTEST = 70, 0.01  # levels: so dark is the brightest hundredth of a picture that is four stops under
_BURNT_RED, _BURNT_GREEN, _BURNT_SHARE = 253, 235, 0.25  # skin burns in red first
_WHITE = 248
_GLARE_SHARES = (0.003, 0.25)
_HALO_NEAR, _HALO_FAR = 1, 5  # pixels outside what is white, at 320 px on the long side
_SOFT_EDGE = 0.2


@dataclass(frozen=True)
class Light:
    """What is lost. A picture that is burnt has no glare to speak of."""

    dark: bool
    bright: bool
    glare: bool


def of(small: MatLike) -> Light:
    """What is lost in a picture of about 320 px, rows by columns by RGB."""
    down, across = (round(side * _MIDDLE) for side in small.shape[:2])
    middle = small[down : small.shape[0] - down, across : small.shape[1] - across]
    grey = cv2.cvtColor(middle, cv2.COLOR_RGB2GRAY)
    red, green, blue = cv2.split(middle)
    burnt = float(np.mean((red >= _BURNT_RED) & (green >= _BURNT_GREEN)))
    bright = burnt > _BURNT_SHARE
    return Light(
        dark=float(np.mean(grey >= _NOTHING_BRIGHTER)) < _BRIGHTEST,
        bright=bright,
        glare=not bright and _has_glare(np.minimum(np.minimum(red, green), blue) >= _WHITE, grey),
    )


def _has_glare(white: NDArray[np.bool_], grey: MatLike) -> bool:
    """Whether white places fade into what is round them. Paper and rulers end sharply, reflections do not."""
    least, most = _GLARE_SHARES
    if not least <= float(np.mean(white)) <= most:
        return False
    near = far = 0.0
    for ring in range(_HALO_FAR + 1):
        grown = _grown(white)
        edge = grey[grown & ~white]
        if not edge.size:
            return False
        if ring == _HALO_NEAR:
            near = float(np.mean(edge))
        far = float(np.mean(edge))
        white = grown
    return (near - far) / (256 - far) >= _SOFT_EDGE


def _grown(places: NDArray[np.bool_]) -> NDArray[np.bool_]:
    wide = np.pad(places, 1)
    return wide[1:-1, 1:-1] | wide[:-2, 1:-1] | wide[2:, 1:-1] | wide[1:-1, :-2] | wide[1:-1, 2:]
