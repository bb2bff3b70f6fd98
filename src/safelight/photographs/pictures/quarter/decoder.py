"""The decoder in C, and what goes to it and comes from it as arrays."""

import ctypes
from contextlib import suppress
from mmap import mmap
from pathlib import Path

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from safelight.photographs.pictures.quarter import headers
from safelight.photographs.pictures.quarter.headers import Headers, Unusual

BUILT = Path(__file__).resolve().parent / "built" / "quarter.so"
SHARE = 4
_SIDE = 2  # pixels of a block that are drawn
_BLOCK = 8


class _Part(ctypes.Structure):
    _fields_ = (
        ("across", ctypes.c_int32),
        ("down", ctypes.c_int32),
        ("direct", ctypes.c_int32),
        ("alternating", ctypes.c_int32),
        ("steps", ctypes.c_int32 * headers.LOWEST),
        ("unused", ctypes.c_int32),
        ("stride", ctypes.c_int64),
        ("rows", ctypes.c_int64),
        ("plane", ctypes.c_void_p),
    )


class Decoder:
    """Draws at a quarter. Without what a C compiler makes at set-up (`build.py`) it draws nothing, and a library has the work."""

    def __init__(self, built: Path = BUILT) -> None:
        self._draw = None
        with suppress(OSError):
            self._draw = ctypes.CDLL(str(built)).quarter

    def decode(self, data: bytes | mmap) -> MatLike | None:
        """A JPEG as RGB, each side a quarter rounded up; None where another decoder is to be asked."""
        try:
            said = Headers().read(memoryview(data))
        except Unusual:
            return None
        planes = self.planes(np.frombuffer(data, np.uint8), said)
        if planes is None:
            return None
        width, height = (-(-side // SHARE) for side in (said.width, said.height))
        return _in_colour(planes)[:height, :width]

    def planes(self, file: NDArray[np.uint8], said: Headers) -> list[NDArray[np.uint8]] | None:
        """Brightness and differences of colour, two by two of each block; None where the scan is not sound in everything."""
        if self._draw is None:
            return None
        unit = (_BLOCK * said.parts[0].across, _BLOCK * said.parts[0].down)
        across, down = (-(-side // of) for side, of in zip((said.width, said.height), unit, strict=True))
        planes = [np.empty((_SIDE * down * part.down, _SIDE * across * part.across), np.uint8) for part in said.parts]
        parts = [
            _Part(part.across, part.down, part.direct, part.alternating, said.steps[part.table], 0, *plane.shape[::-1], plane.ctypes.data)
            for part, plane in zip(said.parts, planes, strict=True)
        ]
        unsound = self._draw(
            ctypes.c_void_p(file.ctypes.data + said.scan),
            ctypes.c_size_t(file.size - said.scan),
            *map(ctypes.c_int32, (across, down, said.restart)),
            (_Part * len(parts))(*parts),
            ctypes.c_int32(len(parts)),
            bytes(said.counts),
            bytes(said.symbols),
        )
        return None if unsound else planes


def _in_colour(planes: list[NDArray[np.uint8]]) -> MatLike:
    """Colours between their places by neighbours (JFIF 1.02: they lie in the middle), then to RGB (ITU-T T.871, 7)."""
    bright, *colours = planes
    if not colours:
        return cv2.cvtColor(bright, cv2.COLOR_GRAY2RGB)
    blue, red = (
        colour if colour.shape == bright.shape else cv2.resize(colour, bright.shape[::-1], interpolation=cv2.INTER_LINEAR)
        for colour in colours
    )
    return cv2.cvtColor(cv2.merge((bright, red, blue)), cv2.COLOR_YCrCb2RGB)
