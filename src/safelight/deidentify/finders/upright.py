"""One photograph as finders see it: decoded once, turned as the file says, reduced twice. Only for the worker: it decodes.

A JPEG is drawn directly, without its colours being matched: no finder looks at shades. Everything else is drawn as covering draws it,
so that a box means the same place in both. The full picture is dropped as soon as its reductions and its greys are there.
"""

import cv2
import numpy as np
import simplejpeg

from safelight.deidentify.covering import pixels
from safelight.deidentify.covering.orientation import way
from safelight.deidentify.ports import Pixels, Upright
from safelight.photographs.pictures import camera
from safelight.photographs.pictures.kinds import Kind
from safelight.photographs.pictures.picture import CameraNote

CLOSER, WHOLE = 2560, 1280
BRIEF = 2048
_EXIF_LIES_WITHIN = 2**20


def opened(data: bytes, kind: Kind, brief: bool = False) -> Upright:
    """A photograph; in brief, one that is reduced before anything else.

    Raises NoPicture, Image.DecompressionBombError or -Warning, MemoryError, or anything else for a damaged file.
    """
    jpeg = kind in (Kind.JPEG, Kind.MPO)
    note = camera.read(data[:_EXIF_LIES_WITHIN] if jpeg else data) or CameraNote()
    drawn = _drawn_directly(data, note, brief=brief) if jpeg else None
    if drawn is None:
        drawn = pixels.decoded(data, kind, note, turn=0)
    return reduced(_fit(drawn, BRIEF) if brief else drawn)


def reduced(drawn: Pixels) -> Upright:
    """An upright picture and what finders need of it."""
    height, width = drawn.shape[:2]
    closer = _fit(drawn, CLOSER)
    return Upright(width, height, closer, _fit(closer, WHOLE), np.asarray(cv2.cvtColor(drawn, cv2.COLOR_RGB2GRAY), np.uint8))


def _drawn_directly(data: bytes, note: CameraNote, *, brief: bool) -> Pixels | None:
    file = pixels.opened(data, "JPEG")  # the gate: the size is known and refused before any pixel
    if file.mode not in ("RGB", "L"):
        return None
    try:
        # Exactly, not fast: small print is read worse from what the fast way leaves of it.
        stored: Pixels = simplejpeg.decode_jpeg(data, "RGB", **(_least(file.size) if brief else {}))
    except ValueError:
        return None  # odd, and perhaps valid
    return pixels.as_seen(stored, way(note.orientation, 0))


def _least(size: tuple[int, int]) -> dict[str, int]:
    """What a decoder that can leave out every second pixel must still give."""
    scale = min(1.0, BRIEF / max(size))
    return {"min_width": round(size[0] * scale), "min_height": round(size[1] * scale)}


def _fit(picture: Pixels, side: int) -> Pixels:
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
