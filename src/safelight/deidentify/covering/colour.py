"""In which colours a picture is: one of the three that have a profile of our own, or another. Only for the worker: it decodes.

A profile is judged by what it does, not by what it says of itself: where it turns a set of colours into the same values as one
of ours, within what rounding explains, ours takes its place. Only its effect is used, no byte of it.
"""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

from safelight.deidentify.covering.profiles import PROFILES, Space

_STEPS = range(0, 256, 51)
_COLOURS = Image.fromarray(np.array([[(red, green, blue) for red in _STEPS for green in _STEPS for blue in _STEPS]], np.uint8))
_GREYS = Image.fromarray(np.arange(256, dtype=np.uint8)[None, :])
_ROUNDING = 3  # of 255
_FAULTS = (ImageCms.PyCMSError, OSError, ValueError, TypeError)


@dataclass(frozen=True)
class Colours:
    """`space` is of our own profiles, None where none is needed: sRGB is what no profile means. `convert` says that pixels must change."""

    space: Space | None
    convert: bool = False


def colours(profile: bytes, mode: str, *, adobe_rgb: bool) -> Colours:
    """The colours of a picture by its profile. One that is broken or of another kind of picture is left aside, as where it is shown."""
    if not profile:
        return Colours(Space.ADOBE_RGB if adobe_rgb and mode == "RGB" else None)
    if mode not in ("RGB", "L"):
        return Colours(None, convert=_converted(Image.new(mode, (1, 1)), profile, Space.SRGB) is not None)
    sample = _COLOURS if mode == "RGB" else _GREYS
    distances: dict[int, Space] = {}
    for space in Space if mode == "RGB" else (Space.SRGB,):
        turned = _converted(sample, profile, space)
        if turned is None:
            return Colours(None)
        difference = np.asarray(turned, np.int16) - np.asarray(sample.convert("RGB"), np.int16)
        distances.setdefault(int(np.abs(difference).max()), space)
    nearest = min(distances)
    if nearest > _ROUNDING:
        return Colours(None, convert=True)
    return Colours(distances[nearest] if mode == "RGB" else None)


def in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """The picture in sRGB; as it is where its profile cannot be used."""
    turned = _converted(picture, profile, Space.SRGB) if profile else None
    return (turned or picture).convert("RGB")


def _converted(picture: Image.Image, profile: bytes, space: Space) -> Image.Image | None:
    try:
        return ImageCms.profileToProfile(
            picture, BytesIO(profile), BytesIO(PROFILES[space]), renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC, outputMode="RGB"
        )
    except _FAULTS:
        return None
