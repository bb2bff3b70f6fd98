"""Copies from pixels: any format decoded whole, turned, in sRGB, covered and encoded anew. Only for the worker: it decodes.

1. Pillow is the gate: it opens the one format that the file was recognised as and refuses a bomb before any pixel.
2. A RAW file gives the largest JPEG for show inside, which is what everybody has seen of it and drew boxes on; where there is none,
   or but a small one of the same shape, the sensor's data are developed.
3. Boxes become black in the array; the array is encoded at quality 95 without reducing colours. No byte of the file goes on.
"""

from io import BytesIO

import numpy as np
import rawpy
import simplejpeg
from numpy.typing import NDArray
from PIL import Image, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin

from safelight.deidentify.covering.colour import in_srgb
from safelight.deidentify.covering.orientation import Edges, Way, way
from safelight.photographs.pictures import embedded, heic
from safelight.photographs.pictures.kinds import Kind
from safelight.photographs.pictures.picture import CameraNote
from safelight.photographs.pictures.render import MOST_PIXELS

Pixels = NDArray[np.uint8]

PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin)  # Pillow imports one when it first meets its format
_QUALITY = 95
_SMALL_PREVIEW = 1500
_SAME_SHAPE = 0.01
_WHITE = (255, 255, 255, 255)


class NoPicture(Exception):
    """A RAW file that holds nothing which can be drawn."""


def opened(data: bytes, form: str) -> Image.Image:
    """A file of one format behind the gate, not decoded yet."""
    with Image.open(BytesIO(data), formats=[form]) as first:
        first.verify()
    return Image.open(BytesIO(data), formats=[form])


def decoded(data: bytes, kind: Kind, note: CameraNote, *, turn: int) -> Pixels:
    """The whole picture as it is seen: turned as the file says and then by `turn` quarters clockwise, in sRGB, three bytes a pixel.

    Raises NoPicture, Image.DecompressionBombError or -Warning, MemoryError, or anything else for a damaged file.
    """
    if kind.raw:
        picture, profile, orientation = _from_raw(data, note)
    elif kind is Kind.HEIC:
        picture, orientation = heic.opened(data, most_pixels=MOST_PIXELS), 1  # turned already
        profile = picture.info.get("icc_profile", b"")
    else:
        picture, profile, orientation = _from_file(data, kind, note)
    flat = in_srgb(_flat(picture), profile)
    return as_seen(np.asarray(flat), way(orientation, turn))


def as_seen(stored: Pixels, seen: Way) -> Pixels:
    """Stored rows and columns as they are seen."""
    array = stored.swapaxes(0, 1) if seen.swapped else stored
    array = array[:: -1 if seen.backwards_y else 1, :: -1 if seen.backwards_x else 1]
    return np.ascontiguousarray(array)


def covered(pixels: Pixels, areas: list[Edges]) -> bytes:
    """(3) A JPEG of the picture, black in each area."""
    inked = pixels.copy() if areas and not pixels.flags.writeable else pixels
    for x0, y0, x1, y1 in areas:
        inked[y0:y1, x0:x1] = 0
    encoded: bytes = simplejpeg.encode_jpeg(inked, quality=_QUALITY, colorspace="RGB", colorsubsampling="444")
    return encoded


def _from_file(data: bytes, kind: Kind, note: CameraNote) -> tuple[Image.Image, bytes, int]:
    form = {Kind.PNG: "PNG", Kind.TIFF: "TIFF"}.get(kind, "JPEG")
    file = opened(data, form)  # (1)
    profile = file.info.get("icc_profile", b"")
    if form == "JPEG":
        return _jpeg(data, file), profile or _adobe_rgb(note), note.orientation
    file.load()
    return file, profile or _adobe_rgb(note), 1 if form == "TIFF" else note.orientation  # Pillow turns a TIFF file as it loads it


def _jpeg(data: bytes, file: Image.Image) -> Image.Image:
    if file.mode in ("RGB", "L"):
        try:
            return Image.fromarray(simplejpeg.decode_jpeg(data, "RGB"))
        except ValueError:
            pass  # odd, and perhaps valid: Pillow may yet draw it
    file.load()
    return file


def _adobe_rgb(note: CameraNote) -> bytes:
    from safelight.deidentify.covering.profiles import PROFILES, Space

    return PROFILES[Space.ADOBE_RGB] if note.adobe_rgb else b""


def _from_raw(data: bytes, note: CameraNote) -> tuple[Image.Image, bytes, int]:
    """(2)"""
    inner = embedded.largest(data)
    preview = _from_file(data[inner.start :], Kind.JPEG, note) if inner else None
    if preview and max(preview[0].size) >= _SMALL_PREVIEW:
        return preview
    developed = _developed(data)
    if developed is None or (preview and not _same_shape(preview, developed)):
        if preview is None:
            raise NoPicture
        return preview
    return developed, b"", 1


def _same_shape(preview: tuple[Image.Image, bytes, int], developed: Image.Image) -> bool:
    width, height = way(preview[2], 0).size(preview[0].size)
    return abs(width / height / (developed.width / developed.height) - 1) <= _SAME_SHAPE


def _developed(data: bytes) -> Image.Image | None:
    """The sensor's data as a picture, upright and in sRGB; None where they cannot be read."""
    try:
        with rawpy.imread(BytesIO(data)) as raw:
            if raw.sizes.width * raw.sizes.height > MOST_PIXELS:
                raise Image.DecompressionBombError
            return Image.fromarray(raw.postprocess(use_camera_wb=True, output_bps=8))
    except rawpy.LibRawError:
        return None


def _flat(picture: Image.Image) -> Image.Image:
    """In a mode that has colours or greys and nothing else; what is transparent becomes white."""
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        deep = np.asarray(picture, np.float32)
        return Image.fromarray((deep / max(float(deep.max()), 1.0) * 255).clip(0, 255).astype(np.uint8))
    if picture.mode in ("RGB", "L", "CMYK"):
        return picture
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, _WHITE), clear).convert("RGB")
    return picture.convert("L" if picture.mode == "1" else "RGB")
