"""The picture that leaves: the pixels of a covered copy, reduced, in sRGB, with words burned in. Only for the worker: it decodes.

1. Drawn at the smallest scale that is still as large as asked, turned as the copy says, in sRGB.
2. Two lines hold the words: in a corner to be read, and faintly from corner to corner against cutting the first one off.
   The second one leaves out the middle, where the wound is, and says all on either side of it.
3. Encoded from the array. Whatever the copy was, these are new bytes.
"""

from math import atan2, ceil, cos, degrees, hypot, sin

import numpy as np
import simplejpeg
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from safelight.deidentify.covering.colour import in_srgb
from safelight.deidentify.covering.copying import Copy
from safelight.deidentify.covering.framing import How, Note, Request
from safelight.deidentify.covering.lettering import written
from safelight.deidentify.covering.orientation import way
from safelight.deidentify.covering.pixels import as_seen, opened
from safelight.deidentify.covering.rebuild import rebuild
from safelight.photographs.pictures import camera
from safelight.photographs.pictures.picture import CameraNote

_QUALITY = 78
_LINE, _DIAGONAL = 1 / 40, 1 / 30  # height of letters beside the long side and the diagonal
_LEAST_LETTERS = 9
_FAINT = 0.3
_MIDDLE = 0.4  # of the diagonal stays free


def mark(data: bytes, asked: Request) -> Copy:
    """(1) to (3). Raises what decoders raise for a damaged file."""
    note = camera.read(data) or CameraNote()
    picture = _drawn(data, asked.longest)
    seen = Image.fromarray(as_seen(np.asarray(picture), way(note.orientation, 0)))  # (1)
    if asked.words:
        seen = _with_words(seen, asked.words)  # (2)
    encoded = simplejpeg.encode_jpeg(np.ascontiguousarray(seen), quality=_QUALITY, colorspace="RGB", colorsubsampling="420")  # (3)
    return Note(width=seen.width, height=seen.height, how=How.REENCODED), rebuild(encoded, orientation=1, space=None)


def _drawn(data: bytes, longest: int) -> Image.Image:
    file = opened(data, "JPEG")
    profile = file.info.get("icc_profile", b"")
    if file.mode in ("RGB", "L"):
        scale = min(1.0, longest / max(file.size))
        width, height = (ceil(side * scale) for side in file.size)
        drawn = Image.fromarray(simplejpeg.decode_jpeg(data, "RGB", fastdct=True, fastupsample=True, min_height=height, min_width=width))
    else:
        file.load()
        drawn = file
    drawn.thumbnail((longest, longest), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return in_srgb(drawn, profile)


def _with_words(picture: Image.Image, words: str) -> Image.Image:
    long = max(picture.size)
    return _corner(_across(picture, words), written(words, max(_LEAST_LETTERS, round(long * _LINE))))


def _across(picture: Image.Image, words: str) -> Image.Image:
    """The words from lower left to upper right, once on either side of the middle: faint, white with a dark rim, to be seen on any skin."""
    width, height = picture.size
    length = ceil(hypot(width, height))
    room = round(length * (1 - _MIDDLE) / 2)
    letters = max(_LEAST_LETTERS, round(length * _DIAGONAL))
    line = written(words, letters)
    if line.width > room:
        line = written(words, max(_LEAST_LETTERS, letters * room // line.width))
    line = line.crop((0, 0, min(line.width, length // 2), line.height))
    rim = ImageChops.subtract(line.filter(ImageFilter.MaxFilter(3)), line)
    angle = atan2(height, width)
    away = length / 2 - max(room, line.width) / 2  # of the middle of a line from that of the picture
    shown = picture.copy()
    for shade, mask in (("black", rim), ("white", line)):
        turned = mask.point(lambda value: round(value * _FAINT)).rotate(degrees(angle), Image.Resampling.BILINEAR, expand=True)
        for side in (-1, 1):
            x, y = width / 2 + side * away * cos(angle), height / 2 - side * away * sin(angle)
            shown.paste(shade, (round(x - turned.width / 2), round(y - turned.height / 2)), turned)
    return shown


def _corner(picture: Image.Image, line: Image.Image) -> Image.Image:
    """The words in the lower left corner on a dark band, as wide as they are; smaller where the picture is narrow."""
    if line.width > picture.width:
        line = line.resize((picture.width, max(1, line.height * picture.width // line.width)), Image.Resampling.BICUBIC)
    shown = picture.copy()
    at = (0, max(0, shown.height - line.height))
    ImageDraw.Draw(shown).rectangle((*at, line.width, shown.height), "black")
    shown.paste(Image.new("RGB", line.size, "white"), at, line)
    return shown
