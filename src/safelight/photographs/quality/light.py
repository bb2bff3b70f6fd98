"""What the light has taken from a picture: lost in black, lost in white, or hidden under a reflection."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MIDDLE = 0.15  # left out on each side
_NOTHING_BRIGHTER = 70  # levels: so dark is the brightest hundredth of a picture that is four stops under
_BURNT_RED, _BURNT_GREEN, _BURNT_SHARE = 253, 235, 0.25  # skin burns in red first
_WHITE = 248
_GLARE_SHARES = (0.003, 0.25)
_HALO_NEAR, _HALO_FAR = 1, 5  # pixels outside what is white, at 320 px on the long side
_SOFT_EDGE = 0.2
_GREY = np.array((77, 150, 29), np.int32)  # ITU-R BT.601, of 256


@dataclass(frozen=True)
class Light:
    """What is lost. A picture that is burnt has no glare to speak of."""

    dark: bool
    bright: bool
    glare: bool


def of(small: NDArray[np.uint8]) -> Light:
    """What is lost in a picture of about 320 px, rows by columns by RGB."""
    down, across = (round(side * _MIDDLE) for side in small.shape[:2])
    middle = small[down : small.shape[0] - down, across : small.shape[1] - across].astype(np.int32)
    grey = middle @ _GREY >> 8
    burnt = float(np.mean((middle[..., 0] >= _BURNT_RED) & (middle[..., 1] >= _BURNT_GREEN)))
    bright = burnt > _BURNT_SHARE
    return Light(
        dark=float(np.percentile(grey, 99)) < _NOTHING_BRIGHTER,
        bright=bright,
        glare=not bright and _has_glare(middle.min(axis=2) >= _WHITE, grey),
    )


def _has_glare(white: NDArray[np.bool_], grey: NDArray[np.int32]) -> bool:
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
