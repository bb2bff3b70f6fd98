"""Examining one file, inside the worker: what the camera wrote, the picture, the slates; every fault as a reason in words."""

import io
import mmap
from encodings import ascii, cp437, latin_1, shift_jis, utf_8, utf_16, utf_16_be, utf_16_le, utf_32  # noqa: A004 - a codec, not the function

import numpy as np
import simplejpeg
from PIL import Image

from safelight.photographs.pictures import camera, colours, embedded, heic, render
from safelight.photographs.pictures.framing import Asked
from safelight.photographs.pictures.kinds import Kind
from safelight.photographs.pictures.picture import CameraNote, Picture
from safelight.photographs.pictures.reasons import Reason
from safelight.photographs.quality import judging

# Python imports a codec when it first meets its name; behind the walls nothing can be imported.
CODECS = (ascii, cp437, latin_1, shift_jis, utf_8, utf_16, utf_16_be, utf_16_le, utf_32)
_EXIF_LIES_WITHIN = 2**20  # of a JPEG: one segment of at most 64 KiB near the beginning


def examine(data: mmap.mmap, kind: Kind, asked: Asked) -> Picture:
    """One file, whatever it is. Never raises for what a file holds: the refusal says what was wrong."""
    note = None
    try:
        note = None if asked is Asked.LOOK else _camera(data, kind)
        inner = embedded.largest(data) if kind.raw else None
        if kind.raw and inner is None:
            return Picture(camera=note, refusal=Reason.NO_PREVIEW_IN_RAW)
        shown = data[inner.start :] if inner else data
        if asked is Asked.LOOK:
            seen = render.look(shown, kind=kind)
            return Picture(slates=tuple(seen.slates), unread_symbol=seen.unread)
        said, expected = note or CameraNote(), asked is Asked.DRAW_SLATE_EXPECTED
        drawn = render.render(shown, kind=kind, orientation=said.orientation, adobe_rgb=said.adobe_rgb, slate_expected=expected)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Picture(camera=note, refusal=Reason.TOO_MANY_PIXELS)
    except MemoryError:
        return Picture(camera=note, refusal=Reason.TOO_MUCH_MEMORY)
    except Exception:  # noqa: BLE001 - the worker's outermost loop: decoders raise whatever a malformed file leads them to
        return Picture(camera=note, refusal=Reason.DAMAGED)
    return Picture(
        width=drawn.width,
        height=drawn.height,
        preview=drawn.preview,
        thumb=drawn.thumb,
        slates=tuple(drawn.seen.slates),
        unread_symbol=drawn.seen.unread,
        camera=note,
        hints=drawn.hints,
    )


def _camera(data: mmap.mmap, kind: Kind) -> CameraNote | None:
    if kind in (Kind.JPEG, Kind.MPO):
        return camera.read(data[:_EXIF_LIES_WITHIN])
    data.seek(0)
    return camera.read(data)


def rehearse() -> None:
    """Draw a small picture of each format and read its note, so that all that is loaded late is loaded now."""
    grey = Image.fromarray(np.zeros((48, 64, 3), np.uint8))
    large = Image.fromarray(np.random.default_rng(1).integers(0, 256, (480, 640, 3), np.uint8))
    judging.hints(np.asarray(large))
    for kind, name in ((Kind.PNG, "PNG"), (Kind.TIFF, "TIFF"), (Kind.JPEG, "JPEG")):
        written = io.BytesIO()
        grey.save(written, name, icc_profile=colours.SRGB_PROFILE, **({"compression": "tiff_lzw"} if kind is Kind.TIFF else {}))
        render.render(written.getvalue(), kind=kind, orientation=6, adobe_rgb=True, slate_expected=True)
        render.look(written.getvalue(), kind=kind)
        camera.read(written.getvalue())
    render.render(heic.REHEARSAL, kind=Kind.HEIC, orientation=1, adobe_rgb=False, slate_expected=True)
    camera.read(heic.REHEARSAL)
    render.QUARTER.decode(simplejpeg.encode_jpeg(np.zeros((16, 16, 3), np.uint8)))
    camera.read(b"\xff\xd8" + simplejpeg.encode_jpeg(np.zeros((16, 16, 3), np.uint8)))
