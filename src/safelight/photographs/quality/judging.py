"""What may be wrong with a picture that has been drawn. Only for the worker: it holds other people's pixels.

1. A picture of less than 600 px is not judged: it is a small one for show inside a RAW file, or no photograph.
2. Where nothing is light enough to be seen, nothing else is said.
3. Every measure is a ratio within the picture (focus, ruler) or asks what was lost in white or black (light, glare).
   None compares skin with a level that skin ought to have: what is right for light skin is wrong for dark skin.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PIL.Image import Resampling

from safelight.photographs.quality import focus, light, ruler
from safelight.photographs.quality.hints import Hint

_JUDGED_AT = 1280
_SMALLEST = 600
_LIGHT_AT = 320


def hints(drawn: Image.Image, *, small: Image.Image | None = None) -> tuple[Hint, ...]:
    """The hints for one drawn picture in RGB, which is left as it is. `small` is the same in at least 320 px, where it is there already."""
    if max(drawn.size) < _SMALLEST:  # (1)
        return ()
    lit = light.of(_reduced(small or drawn, _LIGHT_AT))
    if lit.dark:  # (2)
        return (Hint.DARK,)
    grey = Image.fromarray(_reduced(drawn.convert("L"), _JUDGED_AT))
    found = {
        Hint.FOCUS: focus.width_of_edges(grey) > focus.SOFT,
        Hint.BRIGHT: lit.bright,
        Hint.GLARE: lit.glare,
        Hint.NO_SCALE: not ruler.is_seen(np.asarray(grey)),
    }
    return tuple(hint for hint, said in found.items() if said)


def _reduced(picture: Image.Image, side: int) -> NDArray[np.uint8]:
    share = side / max(picture.size)
    if share >= 1:
        return np.asarray(picture)
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    return np.asarray(picture.resize(size, Resampling.BOX))
