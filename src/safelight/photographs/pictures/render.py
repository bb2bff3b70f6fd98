"""Drawing a photograph: one decode for preview, thumb and slate. Only for the worker: it decodes.

1. Pillow is the gate: it opens the one format that the file was recognised as, reads the size from the header and refuses a
   bomb before any pixel. MPO is not named to it: its JPEG plugin opens such files, and naming MPO turns every refusal into a KeyError.
   HEIC, which Pillow does not know, has a gate of its own.
2. A JPEG is then drawn by simplejpeg at the smallest scale that leaves 1280 px on the long side; entropy decoding is what costs.
   What simplejpeg finds wrong, Pillow may still draw (CMYK, odd but valid files); what both refuse is damaged.
3. The slate is looked for in what was drawn; where none was read but one is expected or a symbol was seen, once more at twice that size.
4. Upright by the EXIF orientation, colours to sRGB by the file's ICC profile or what the camera said, then preview and thumb.
5. What may be wrong with the photograph is judged by what was drawn; a slate is not judged.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import Image, ImageCms, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin
from PIL.Image import Resampling, Transpose

from safelight.photographs.pictures import heic, symbols
from safelight.photographs.pictures.colours import ADOBE_RGB_PROFILE, SRGB
from safelight.photographs.pictures.kinds import Kind
from safelight.photographs.pictures.symbols import Seen
from safelight.photographs.quality import judging
from safelight.photographs.quality.hints import Hint

MOST_PIXELS = 120_000_000
_SHORTEST_LONG_SIDE = 1280
_SCALES = (8, 4, 2, 1)
_PREVIEW_SIDE, _THUMB_SIDE = 2048, 400
_PREVIEW_QUALITY, _THUMB_QUALITY = 85, 80
_FORMATS = {Kind.PNG: "PNG", Kind.TIFF: "TIFF"}  # every other kind is drawn from a JPEG
_TURNS = {  # EXIF 2.32, 4.6.4 Orientation: what to do with the stored rows and columns
    2: Transpose.FLIP_LEFT_RIGHT,
    3: Transpose.ROTATE_180,
    4: Transpose.FLIP_TOP_BOTTOM,
    5: Transpose.TRANSPOSE,
    6: Transpose.ROTATE_270,
    7: Transpose.TRANSVERSE,
    8: Transpose.ROTATE_90,
}
_SIDEWAYS = (5, 6, 7, 8)
_WHITE = (255, 255, 255)
# Pillow imports a plugin when it first meets its format; behind the walls nothing can be imported.
PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin)

Image.MAX_IMAGE_PIXELS = MOST_PIXELS


@dataclass(frozen=True)
class Rendered:
    """The upright size of the photograph, its two renditions, what was seen in it and what may be wrong with it."""

    width: int
    height: int
    preview: bytes
    thumb: bytes
    seen: Seen
    hints: tuple[Hint, ...]


def render(data: bytes, *, kind: Kind, orientation: int, adobe_rgb: bool, slate_expected: bool) -> Rendered:
    """Draw one photograph. Raises DecompressionBombError or -Warning, MemoryError, or anything else for a damaged file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        opened = heic.opened(data, most_pixels=MOST_PIXELS) if kind is Kind.HEIC else _gate(data, kind)  # (1)
        size, profile = opened.size, opened.info.get("icc_profile", ADOBE_RGB_PROFILE if adobe_rgb else b"")
        if kind is Kind.HEIC:
            drawn, closer, orientation = opened, _closer(opened), 1  # upright already
        elif kind in _FORMATS:
            opened.load()
            drawn, closer = opened, None
            if kind is Kind.TIFF:  # Pillow turns a TIFF file upright as it loads it
                size, orientation = drawn.size, 1
        else:
            drawn, closer = _draw_jpeg(data, opened)  # (2)
        seen = _look(drawn, closer, slate_expected=slate_expected)  # (3)
        preview = _fit(_in_srgb(drawn, profile), _PREVIEW_SIDE, Resampling.BICUBIC)  # (4)
        if orientation in _TURNS:  # a turn may be number 0
            preview = preview.transpose(_TURNS[orientation])
            size = size[::-1] if orientation in _SIDEWAYS else size
        thumb = _fit(preview, _THUMB_SIDE, Resampling.BOX)
        hints = () if seen.slates else judging.hints(preview, small=thumb)  # (5)
        return Rendered(*size, _jpeg(preview, _PREVIEW_QUALITY), _jpeg(thumb, _THUMB_QUALITY), seen, hints)


def _gate(data: bytes, kind: Kind) -> Image.Image:
    formats = [_FORMATS.get(kind, "JPEG")]
    with Image.open(BytesIO(data), formats=formats) as first:
        first.verify()
    return Image.open(BytesIO(data), formats=formats)


def _draw_jpeg(data: bytes, opened: Image.Image) -> tuple[Image.Image, Callable[[], NDArray[np.uint8]] | None]:
    """The reduced picture, and a way to a closer look in grey where there is more to see."""
    width, height = opened.size
    scale = next((scale for scale in _SCALES if max(width, height) / scale >= _SHORTEST_LONG_SIDE), 1)

    def decode(colours: str, scale: int) -> NDArray[np.uint8]:
        pixels: NDArray[np.uint8] = simplejpeg.decode_jpeg(
            data, colours, fastdct=True, fastupsample=True, min_height=-(-height // scale), min_width=-(-width // scale)
        )
        return pixels

    try:
        drawn = Image.fromarray(decode("RGB", scale))
    except ValueError:
        opened.draft(None, (width // scale, height // scale))
        opened.load()
        return opened, None
    return drawn, (lambda: decode("GRAY", scale // 2)[:, :, 0]) if scale > 1 else None


def _closer(drawn: Image.Image) -> Callable[[], NDArray[np.uint8]] | None:
    """A way to a closer look at a picture that is there in full, where there is more to see."""
    if max(drawn.size) <= _PREVIEW_SIDE:
        return None
    return lambda: np.asarray(_fit(_without_palette(drawn), 2 * _PREVIEW_SIDE, Resampling.BOX).convert("L"))


def _look(drawn: Image.Image, closer: Callable[[], NDArray[np.uint8]] | None, *, slate_expected: bool) -> Seen:
    seen = symbols.look(np.asarray(_fit(_without_palette(drawn), _PREVIEW_SIDE, Resampling.BOX).convert("L")))
    if closer is None or seen.slates or not (slate_expected or seen.unread):
        return seen
    second = symbols.look(closer())
    return second if second.slates else Seen(unread=seen.unread or second.unread)


def _without_palette(picture: Image.Image) -> Image.Image:
    """The picture in a mode that can be resized; what is transparent becomes white."""
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        deep = np.asarray(picture.resize(_fitting(picture.size, _PREVIEW_SIDE)), dtype=np.float32)
        return Image.fromarray((deep / max(float(deep.max()), 1.0) * 255).clip(0, 255).astype(np.uint8))
    if picture.mode in ("RGB", "L", "CMYK"):
        return picture
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, (*_WHITE, 255)), clear).convert("RGB")
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _in_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """The picture in sRGB. A profile that is broken or of another colour space is left aside: the preview may be a shade off."""
    plain = _without_palette(picture)
    small = _fit(plain, _PREVIEW_SIDE, Resampling.BICUBIC)
    if profile:
        try:
            turned = ImageCms.profileToProfile(small, BytesIO(profile), SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            turned = None
        if turned is not None:
            return turned
    return small.convert("RGB")


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    longest = max(size)
    if longest <= side:
        return size
    return max(1, round(size[0] * side / longest)), max(1, round(size[1] * side / longest))


def _fit(picture: Image.Image, side: int, how: Resampling) -> Image.Image:
    size = _fitting(picture.size, side)
    return picture if size == picture.size else picture.resize(size, how, reducing_gap=2.0)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    encoded: bytes = simplejpeg.encode_jpeg(np.ascontiguousarray(picture), quality=quality, colorspace="RGB", colorsubsampling="420")
    return encoded
