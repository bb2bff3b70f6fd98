"""What may be wrong with a picture that has been drawn. Only for the worker: it holds other people's pixels.

1. A picture of less than 600 px is not judged: it is a small one for show inside a RAW file, or no photograph.
2. Where nothing is light enough to be seen, nothing else is said.
3. Every measure is a ratio within the picture (focus, ruler) or asks what was lost in white or black (light, glare).
   None compares skin with a level that skin ought to have: what is right for light skin is wrong for dark skin.
"""

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import ArrayLike

from safelight.photographs.quality import focus, light, ruler
from safelight.photographs.quality.hints import Hint

_JUDGED_AT = 1280
_SMALLEST = 600
_LIGHT_AT = 320
_FEW_ARE_LOST = 0.5


def hints(drawn: ArrayLike, *, grey: MatLike | None = None, small: MatLike | None = None) -> tuple[Hint, ...]:
    """The hints for one drawn picture in RGB, which is left as it is.

    `grey` is the same in shades of grey and `small` in at least 320 px, where they are there already.
    """
    pixels: MatLike = np.asarray(drawn)
    if max(pixels.shape) < _SMALLEST:  # (1)
        return ()
    lit = light.of(_reduced(pixels if small is None else small, _LIGHT_AT))
    if lit.dark:  # (2)
        return (Hint.DARK,)
    shades = _reduced(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if grey is None else grey, _JUDGED_AT)
    found = {
        Hint.FOCUS: focus.width_of_edges(shades) > focus.SOFT,
        Hint.BRIGHT: lit.bright,
        Hint.GLARE: lit.glare,
        Hint.NO_SCALE: not ruler.is_seen(shades),
    }
    return tuple(hint for hint, said in found.items() if said)


def _reduced(picture: MatLike, side: int) -> MatLike:
    """By neighbours where few pixels are lost, a fifth of the time; how much that blurs is in `focus.SOFT`."""
    share = side / max(picture.shape)
    if share >= 1:
        return picture
    down, across = (max(1, round(length * share)) for length in picture.shape[:2])
    return cv2.resize(picture, (across, down), interpolation=cv2.INTER_LINEAR if share > _FEW_ARE_LOST else cv2.INTER_AREA)
