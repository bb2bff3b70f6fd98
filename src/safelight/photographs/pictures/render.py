"""Drawing a photograph: one decode for preview, thumb and slate. Only for the worker: it decodes.

1. Pillow is the gate: it opens the one format that the file was recognised as, reads the size from the header and refuses a
   bomb before any pixel. MPO is not named to it: its JPEG plugin opens such files, and naming MPO turns every refusal into a KeyError.
   HEIC, which Pillow does not know, has a gate of its own.
2. A JPEG is then drawn at the smallest scale that leaves 1280 px on the long side: at a quarter by a decoder of our own, since entropy
   decoding is what costs; by simplejpeg at any other, and whatever that decoder does not know or doubts. What simplejpeg finds wrong,
   Pillow may still draw (CMYK, odd but valid files); what both refuse is damaged.
3. The slate is looked for in what was drawn; where none was read but one is expected or a symbol was seen, once more at twice that size.
4. Colours to sRGB by the file's ICC profile or what the camera said, upright by the EXIF orientation, then preview and thumb.
5. What may be wrong with the photograph is judged by what was drawn; a slate is not judged.
Pixels stay arrays from the decoder to the encoder: each step from Pillow to an array and back is a copy.
"""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from mmap import mmap
from typing import BinaryIO, cast

import cv2
import numpy as np
import simplejpeg
from cv2.typing import MatLike
from PIL import Image, ImageCms, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin
from PIL.Image import Resampling

from safelight.photographs.pictures import heic, symbols
from safelight.photographs.pictures.colours import ADOBE_RGB_PROFILE, SRGB
from safelight.photographs.pictures.kinds import Kind
from safelight.photographs.pictures.quarter import decoder
from safelight.photographs.pictures.symbols import Seen
from safelight.photographs.quality import judging
from safelight.photographs.quality.hints import Hint

MOST_PIXELS = 120_000_000
_SHORTEST_LONG_SIDE = 1280
_SCALES = (8, 4, 2, 1)
_PREVIEW_SIDE, _THUMB_SIDE = 2048, 400
_PREVIEW_QUALITY, _THUMB_QUALITY = 85, 80
_FORMATS = {Kind.PNG: "PNG", Kind.TIFF: "TIFF"}  # every other kind is drawn from a JPEG
_TURNS: dict[int, Callable[[MatLike], MatLike]] = {  # EXIF 2.32, 4.6.4 Orientation: what to do with the stored rows and columns
    2: lambda pixels: cv2.flip(pixels, 1),
    3: lambda pixels: cv2.rotate(pixels, cv2.ROTATE_180),
    4: lambda pixels: cv2.flip(pixels, 0),
    5: cv2.transpose,
    6: lambda pixels: cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE),
    7: lambda pixels: cv2.rotate(cv2.transpose(pixels), cv2.ROTATE_180),
    8: lambda pixels: cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE),
}
_SIDEWAYS = (5, 6, 7, 8)
_WHITE = (255, 255, 255)
# Pillow imports a plugin when it first meets its format; behind the walls nothing can be imported.
PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin)

QUARTER = decoder.Decoder()

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
cv2.setNumThreads(1)  # behind the walls no thread can be begun


@dataclass(frozen=True)
class Rendered:
    """The upright size of the photograph, its two renditions, what was seen in it and what may be wrong with it."""

    width: int
    height: int
    preview: bytes
    thumb: bytes
    seen: Seen
    hints: tuple[Hint, ...]


def render(data: bytes | mmap, *, kind: Kind, orientation: int, adobe_rgb: bool, slate_expected: bool) -> Rendered:
    """Draw one photograph. Raises DecompressionBombError or -Warning, MemoryError, or anything else for a damaged file."""
    with _bombs_refused():
        opened = _opened(data, kind)  # (1)
        size, profile = opened.size, opened.info.get("icc_profile", ADOBE_RGB_PROFILE if adobe_rgb else b"")
        drawn: MatLike | Image.Image = opened
        closer: Callable[[], MatLike] | None = None
        if kind is Kind.HEIC:
            orientation = 1  # upright already
            if max(size) > _PREVIEW_SIDE:
                closer = partial(_closer, opened)
        elif kind in _FORMATS:
            opened.load()
            if kind is Kind.TIFF:  # Pillow turns a TIFF file upright as it loads it
                size, orientation = opened.size, 1
        else:
            drawn, closer = _draw_jpeg(data, opened)  # (2)
        preview = _in_srgb(drawn, profile)  # (4)
        grey = _grey(preview)
        seen = _look(grey, closer, slate_expected=slate_expected)  # (3)
        thumb = _thumb(preview)
        hints = () if seen.slates else judging.hints(preview, grey=grey, small=thumb)  # (5)
        if orientation in _SIDEWAYS:
            size = size[::-1]
        return Rendered(*size, _jpeg(preview, orientation, _PREVIEW_QUALITY), _jpeg(thumb, orientation, _THUMB_QUALITY), seen, hints)


def look(data: bytes | mmap, *, kind: Kind) -> Seen:
    """The closer look of (3) alone: one decode in grey, nothing drawn. Raises as `render` does."""
    with _bombs_refused():
        opened = _opened(data, kind)
        if kind is not Kind.HEIC and kind not in _FORMATS:
            scale = max(1, _scale(opened.size) // 2)
            try:
                return symbols.look(_decode(data, "GRAY", opened.size, scale)[:, :, 0])
            except ValueError:
                opened.draft(None, (opened.width // scale, opened.height // scale))
        return symbols.look(_closer(opened))


@contextmanager
def _bombs_refused() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _opened(data: bytes | mmap, kind: Kind) -> Image.Image:
    """The file behind its gate. A JPEG is not copied for that, and Pillow has nothing to verify in it beyond what opening does."""
    if kind is Kind.HEIC:
        return heic.opened(data[:], most_pixels=MOST_PIXELS)
    if kind not in _FORMATS:
        return Image.open(cast("BinaryIO", data) if isinstance(data, mmap) else BytesIO(data), formats=["JPEG"])
    with Image.open(BytesIO(data[:]), formats=[_FORMATS[kind]]) as first:
        first.verify()
    return Image.open(BytesIO(data[:]), formats=[_FORMATS[kind]])


def _scale(size: tuple[int, int]) -> int:
    return next((scale for scale in _SCALES if max(size) / scale >= _SHORTEST_LONG_SIDE), 1)


def _decode(data: bytes | mmap, colours: str, size: tuple[int, int], scale: int) -> MatLike:
    """A JPEG by the fast decoder. Raises ValueError where that finds something wrong."""
    width, height = (-(-side // scale) for side in size)
    pixels: MatLike = simplejpeg.decode_jpeg(data, colours, fastdct=True, fastupsample=True, min_height=height, min_width=width)
    return pixels


def _draw_jpeg(data: bytes | mmap, opened: Image.Image) -> tuple[MatLike | Image.Image, Callable[[], MatLike] | None]:
    """The reduced picture, and a way to a closer look in grey where there is more to see."""
    size, scale = opened.size, _scale(opened.size)
    try:
        if scale == 1:
            return _decode(data, "RGB", size, scale), None
        drawn = QUARTER.decode(data) if scale == decoder.SHARE else None
        return _decode(data, "RGB", size, scale) if drawn is None else drawn, lambda: _decode(data, "GRAY", size, scale // 2)[:, :, 0]
    except ValueError:
        opened.draft(None, (size[0] // scale, size[1] // scale))
        opened.load()
        return opened, None


def _closer(drawn: Image.Image) -> MatLike:
    """A picture that is there in full, in grey and twice as large as its preview where there is more to see."""
    return np.asarray(_fit(_without_palette(drawn), 2 * _PREVIEW_SIDE, Resampling.BOX).convert("L"))


def _look(grey: MatLike, closer: Callable[[], MatLike] | None, *, slate_expected: bool) -> Seen:
    seen = symbols.look(grey)
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


def _in_srgb(drawn: MatLike | Image.Image, profile: bytes) -> MatLike:
    """The picture in sRGB, small enough to be the preview.

    A profile that is broken or of another colour space is left aside: the preview may be a shade off.
    """
    if isinstance(drawn, np.ndarray):
        small = _reduced(drawn, _fitting(_size(drawn), _PREVIEW_SIDE))
        if not profile:
            return small
        picture = Image.fromarray(small)
    else:
        picture = _fit(_without_palette(drawn), _PREVIEW_SIDE, Resampling.BICUBIC)
    turned = None
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            turned = ImageCms.profileToProfile(picture, BytesIO(profile), SRGB, outputMode="RGB")
    return np.asarray(turned or picture.convert("RGB"))


def _fitting(size: tuple[int, int], side: int) -> tuple[int, int]:
    longest = max(size)
    if longest <= side:
        return size
    return max(1, round(size[0] * side / longest)), max(1, round(size[1] * side / longest))


def _fit(picture: Image.Image, side: int, how: Resampling) -> Image.Image:
    size = _fitting(picture.size, side)
    return picture if size == picture.size else picture.resize(size, how, reducing_gap=2.0)


def _size(pixels: MatLike) -> tuple[int, int]:
    return pixels.shape[1], pixels.shape[0]


def _reduced(pixels: MatLike, size: tuple[int, int]) -> MatLike:
    return pixels if size == _size(pixels) else cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)


def _thumb(preview: MatLike) -> MatLike:
    """Halved first as often as that goes, then by neighbours, of which less than half are lost: a tenth of the time of any other share."""
    size, (width, height) = _fitting(_size(preview), _THUMB_SIDE), _size(preview)
    while width >= 2 * size[0] and height >= 2 * size[1]:
        width, height = width // 2, height // 2
        preview = cv2.resize(preview[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
    return preview if size == (width, height) else cv2.resize(preview, size, interpolation=cv2.INTER_LINEAR)


def _grey(pixels: MatLike) -> MatLike:
    return cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)


def _jpeg(pixels: MatLike, orientation: int, quality: int) -> bytes:
    upright = _TURNS[orientation](pixels) if orientation in _TURNS else pixels
    encoded: bytes = simplejpeg.encode_jpeg(upright, quality=quality, colorspace="RGB", colorsubsampling="420")
    return encoded
