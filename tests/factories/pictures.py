"""Invented photographs for tests, small unless a test asks for more; and files that mean harm."""

import struct
import zlib
from collections.abc import Callable
from datetime import datetime
from functools import cache
from io import BytesIO

import numpy as np
from PIL import Image

from safelight.photographs.pictures import drawn
from safelight.photographs.slates import code

TAKEN = datetime(2026, 11, 20, 9, 12, 1, 230_000)
BODY = drawn.CameraBody()


def slate_text(seed: int) -> str:
    """The text of an invented slate."""
    return code.new(np.random.default_rng(seed).bytes(8))


@cache
def scene(seed: int = 1, size: drawn.Size = drawn.SMALL) -> Image.Image:
    """An invented clinical photograph, not yet a file. Drawn once."""
    subject = drawn.Subject(seed=seed, tone=list(drawn.Tone)[seed % 4], lesion=list(drawn.Lesion)[seed // 4 % 4])
    return drawn.photograph(subject, drawn.View.OVERVIEW, size=size)


@cache
def photo(seed: int = 1, size: drawn.Size = drawn.SMALL, orientation: int = 1) -> bytes:
    """An invented clinical photograph as a camera's JPEG."""
    return drawn.jpeg(scene(seed, size), BODY, TAKEN, offset="+00:00", orientation=orientation)


def slate_photo(*texts: str, seed: int = 1, size: drawn.Size = drawn.SMALL, **how: object) -> bytes:
    """A photographed slate, or several, as a camera's JPEG."""
    return drawn.jpeg(drawn.slate(*texts, seed=seed, size=size, **how), BODY, TAKEN)


def saved(shown: Image.Image, form: str, **options: object) -> bytes:
    """A picture as a file of any form that Pillow writes."""
    written = BytesIO()
    shown.save(written, form, **options)
    return written.getvalue()


def png(width: int, height: int, *, chunks: bytes = b"", pixels: bytes | None = None, bits: int = 1) -> bytes:
    """A PNG of one shade that claims any size; its pixels may be there or not."""
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width * bits + 7) // 8 + 1) * height, 9) if pixels is None else pixels
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunks + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def chunk(name: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@cache
def bomb(name: str) -> bytes:
    """A small file that unfolds into more than a machine has, or whose header lies: one of BOMBS."""
    return _BOMBS[name]()


def _lying(width: int, height: int) -> bytes:
    """A JPEG whose frame claims another size."""
    plain = photo()
    frame = plain.index(b"\xff\xc0")
    return plain[: frame + 5] + struct.pack(">HH", width, height) + plain[frame + 9 :]


def _group4() -> bytes:
    tiff = saved(Image.new("1", (64, 64)), "TIFF", compression="group4")
    for width_or_height in (256, 257):
        was = struct.pack("<HHIHH", width_or_height, 3, 1, 64, 0)
        assert was in tiff
        tiff = tiff.replace(was, struct.pack("<HHIHH", width_or_height, 3, 1, 20_000, 0))
    return tiff


@cache
def _unfolding(name: bytes, before: bytes) -> bytes:
    return chunk(name, before + zlib.compress(bytes(60 * 2**20), 9))


_BOMBS: dict[str, Callable[[], bytes]] = {
    "one_bit.png": lambda: png(30_000, 30_000, pixels=zlib.compress(bytes(3751 * 30_000), 9)),
    "lie.png": lambda: png(65_535, 65_535, pixels=zlib.compress(bytes(100))),
    "ztxt.png": lambda: png(64, 64, chunks=_unfolding(b"zTXt", b"Comment\0\0")),
    "iccp.png": lambda: png(64, 64, chunks=_unfolding(b"iCCP", b"icc\0\0")),
    "many_texts.png": lambda: png(64, 64, chunks=_unfolding(b"zTXt", b"Comment\0\0") * 40),
    "group4.tiff": _group4,
    "sof_65500.jpg": lambda: _lying(65_500, 65_500),
    "sof_0.jpg": lambda: _lying(0, 0),
    "sof_10000.jpg": lambda: _lying(10_000, 10_000),
    "sof_no_height.jpg": lambda: _lying(0, 800),
}
BOMBS = sorted(_BOMBS)
