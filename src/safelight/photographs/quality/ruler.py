"""Whether a ruler that can be read lies in a picture: marks at one distance, over several places in a line.

1. The picture is cut into overlapping squares; the busiest are looked at.
2. A square with marks has most of its detail in one wave. Its direction and length are the ruler's.
3. A ruler is the same wave in several squares along its own direction. Hair and cloth change theirs from square to square.
4. The same at half the size, where the camera stood so near that the marks lie far apart.
A ruler whose marks are closer than about 3 px at 1280 px is not seen; nobody could measure by it either.
"""

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

_SIDE, _STEP = 64, 48
_BUSY = 12.0  # levels, standard deviation in a square
_SAMPLE = 3  # every third pixel tells how busy a square is
_MOST_SQUARES = 110
_WAVES = (0.09, 0.42)  # marks a pixel
_IN_ONE_WAVE = 0.25
_SAME_WAVE = 0.02
_BESIDE = 1.2  # squares off the line
_ENOUGH = 5  # squares along it

_ACROSS = np.fft.rfftfreq(_SIDE)[:-1]  # marks are never so close as the last
_DOWN = np.fft.fftfreq(_SIDE)
_LENGTH = np.hypot(_DOWN[:, None], _ACROSS[None, :])
# Short waves weigh more: the edge of white paper on dark skin is stronger than any mark, and has most in long ones.
_WEIGHT = np.where(np.abs(_LENGTH - sum(_WAVES) / 2) <= (_WAVES[1] - _WAVES[0]) / 2, _LENGTH, 0).astype(np.float32)
_WINDOW = np.outer(np.hanning(_SIDE), np.hanning(_SIDE)).astype(np.float32)

Squares = NDArray[np.float64]  # one row a square: place across and down in squares, wave across and down in marks a pixel


def is_seen(grey: MatLike) -> bool:
    """Whether a ruler is seen in a picture in shades of grey of about 1280 px."""
    return _is_seen(grey) or _is_seen(np.asarray(grey[1::2, 1::2] // 2 + grey[:-1:2, :-1:2] // 2))  # (4)


def _is_seen(grey: MatLike) -> bool:
    if min(grey.shape) < _SIDE:
        return False
    found = _with_marks(grey)
    return any(_in_line(found, one) >= _ENOUGH for one in found)


def _with_marks(grey: MatLike) -> Squares:
    spread = _spread(grey)  # (1)
    down, across = np.nonzero(spread > _BUSY)
    busiest = np.argsort(-spread[down, across])[:_MOST_SQUARES]
    down, across = down[busiest], across[busiest]
    if not busiest.size:
        return np.empty((0, 4))
    power = _power(np.lib.stride_tricks.sliding_window_view(grey, (_SIDE, _SIDE))[down * _STEP, across * _STEP])  # (2)
    strongest = power.reshape(len(power), -1).argmax(axis=1)
    rows, columns = np.unravel_index(strongest, power.shape[1:])
    near_rows = (rows[:, None] + np.array((-1, 0, 1))) % _SIDE
    near_columns = np.clip(columns[:, None] + np.array((-1, 0, 1)), 0, power.shape[2] - 1)
    peak = power[np.arange(len(power))[:, None, None], near_rows[:, :, None], near_columns[:, None, :]].sum(axis=(1, 2))
    marked = peak >= _IN_ONE_WAVE * (power.sum(axis=(1, 2)) + 1e-6)
    found: Squares = np.stack([across, down, _ACROSS[columns], _DOWN[rows]], axis=1)[marked]
    return found


def _spread(grey: MatLike) -> NDArray[np.float64]:
    """The standard deviation in every square. Side and step are such that all squares share their samples."""
    sums, squares = cv2.integral2(np.ascontiguousarray(grey[::_SAMPLE, ::_SAMPLE]))
    side, step = -(-_SIDE // _SAMPLE), _STEP // _SAMPLE
    down, across = ((size - _SIDE) // _STEP + 1 for size in grey.shape)

    def mean(of: MatLike) -> NDArray[np.float64]:
        cut = [of[y:, x:][: down * step : step, : across * step : step] for y in (0, side) for x in (0, side)]
        found: NDArray[np.float64] = (cut[3] - cut[2] - cut[1] + cut[0]) / side**2
        return found

    spread: NDArray[np.float64] = np.sqrt(np.maximum(mean(squares) - mean(sums.astype(np.float64)) ** 2, 0))
    return spread


def _power(squares: MatLike) -> NDArray[np.float32]:
    """How much of each square's detail is in each wave, as far as marks have it.

    OpenCV's transform takes a tenth of NumPy's time. It leaves real and imaginary parts beside each other, and in the first column below.
    """
    levels = squares.astype(np.float32)
    levels -= levels.mean(axis=(1, 2), keepdims=True)
    levels *= _WINDOW
    parts = np.stack([cv2.dft(square) for square in levels])
    parts *= parts
    power = np.zeros((len(parts), _SIDE, len(_ACROSS)), np.float32)
    power[:, :, 1:] = parts[:, :, 1:-1:2] + parts[:, :, 2::2]
    first = parts[:, 1:-1:2, 0] + parts[:, 2::2, 0]
    half = _SIDE // 2
    power[:, 1:half, 0], power[:, half, 0], power[:, half + 1 :, 0] = first, parts[:, -1, 0], first[:, ::-1]
    power *= _WEIGHT
    return power


def _in_line(found: Squares, one: NDArray[np.float64]) -> int:
    """(3) In how many places along its wave's direction the same wave is found."""
    wave = one[2:]
    apart = np.minimum(np.hypot(*(found[:, 2:] - wave).T), np.hypot(*(found[:, 2:] + wave).T))
    direction = wave / np.hypot(*wave)
    away = found[:, :2] - one[:2]
    beside = np.abs(away @ np.array((-direction[1], direction[0])))
    along = np.round(away @ direction)[(apart <= _SAME_WAVE) & (beside <= _BESIDE)]
    return len(np.unique(along))
