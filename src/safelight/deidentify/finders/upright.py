"""One photograph as finders see it: decoded once, turned as the file says, reduced twice. Only for the worker: it decodes.

A JPEG is drawn directly, without its colours being matched: no finder looks at shades. Everything else is drawn as covering draws it,
so that a box means the same place in both. The full picture is dropped as soon as its reductions and its greys are there.
"""

from collections.abc import Sequence

import cv2
import numpy as np
import simplejpeg

from safelight.deidentify.boxes import Box
from safelight.deidentify.covering import pixels
from safelight.deidentify.covering.orientation import outward, way
from safelight.deidentify.covering.segments import Malformed, frame
from safelight.deidentify.ports import Pixels, Upright
from safelight.photographs.pictures import camera
from safelight.photographs.pictures.kinds import Kind
from safelight.photographs.pictures.picture import CameraNote

CLOSER, WHOLE = 2560, 1280
_EXIF_LIES_WITHIN = 2**20


def opened(data: bytes, kind: Kind, covered: Sequence[Box] = ()) -> Upright:
    """A photograph, or a covered copy with the areas that were covered.

    Raises NoPicture, Image.DecompressionBombError or -Warning, MemoryError, or anything else for a damaged file.
    """
    jpeg = kind in (Kind.JPEG, Kind.MPO)
    note = camera.read(data[:_EXIF_LIES_WITHIN] if jpeg else data) or CameraNote()
    drawn = _drawn_directly(data, note) if jpeg else None
    if drawn is None:
        drawn = pixels.decoded(data, kind, note, turn=0)
    return reduced(drawn, _grown(data, note, covered) if covered else ())


def reduced(drawn: Pixels, covered: tuple[Box, ...] = ()) -> Upright:
    """An upright picture and what finders need of it."""
    height, width = drawn.shape[:2]
    closer = _fit(drawn, CLOSER)
    return Upright(width, height, closer, _fit(closer, WHOLE), np.asarray(cv2.cvtColor(drawn, cv2.COLOR_RGB2GRAY), np.uint8), covered)


def _drawn_directly(data: bytes, note: CameraNote) -> Pixels | None:
    file = pixels.opened(data, "JPEG")  # the gate: the size is known and refused before any pixel
    if file.mode not in ("RGB", "L"):
        return None
    try:
        # Exactly, not fast: small print is read worse from what the fast way leaves of it.
        stored: Pixels = simplejpeg.decode_jpeg(data, "RGB")
    except ValueError:
        return None  # odd, and perhaps valid
    return pixels.as_seen(stored, way(note.orientation, 0))


def _grown(copy: bytes, note: CameraNote, areas: Sequence[Box]) -> tuple[Box, ...]:
    """The areas of a covered copy as they are black: grown to whole blocks, as covering does it."""
    try:
        header = frame(copy)
    except Malformed:
        return tuple(areas)
    stored, seen = (header.width, header.height), way(note.orientation, 0)
    size = seen.size(stored)
    blocks = (seen.seen(outward(seen.stored(area.pixels(*size), size), header.unit, stored), size) for area in areas)
    return tuple(Box.of_pixels(*edges, *size) for edges in blocks)


def _fit(picture: Pixels, side: int) -> Pixels:
    height, width = picture.shape[:2]
    scale = side / max(height, width)
    if scale >= 1:
        return picture
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
