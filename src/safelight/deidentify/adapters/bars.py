"""Rows of bars at any angle, by OpenCV's detector: it sees where bars lie side by side, and reads nothing here."""

import cv2
import numpy as np
from numpy.typing import NDArray

from safelight.deidentify.ports import Pixels, Upright

Corners = NDArray[np.float32]
_LEAST_SEEN = 64  # pixels: a smaller picture holds no row of bars
_MARGIN = 40  # pixels: bars are read only where there is quiet beside them


class Bars:
    """Where a photograph shows bars side by side."""

    def __init__(self) -> None:
        self._detector = cv2.barcode.BarcodeDetector()

    def places(self, photograph: Upright) -> list[Corners]:
        """The corners of each row, x and y in pixels of the whole photograph."""
        reduced = np.asarray(cv2.cvtColor(photograph.whole, cv2.COLOR_RGB2GRAY), np.uint8)
        if min(reduced.shape) < _LEAST_SEEN:
            return []
        _, seen = self._detector.detect(reduced)
        return [] if seen is None else [np.asarray(one, np.float32) * (photograph.width / reduced.shape[1]) for one in seen]


def straightened(grey: Pixels, place: Corners) -> tuple[Pixels, Corners]:
    """A place turned so that its bars stand upright, with a margin; and the way of the photograph's pixels into it."""
    (x, y), (wide, tall), angle = cv2.minAreaRect(place)
    if wide < tall:
        wide, tall, angle = tall, wide, angle + 90
    width, height = int(1.5 * wide) + _MARGIN, int(1.6 * tall) + _MARGIN
    way = cv2.getRotationMatrix2D((x, y), angle, 1.0)
    way[:, 2] += np.array([width / 2 - x, height / 2 - y])
    straight = cv2.warpAffine(grey, way, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255,))
    return np.asarray(straight, np.uint8), np.asarray(way, np.float32)


def around(corners: Corners, place: Corners) -> Corners:
    """The corners of the smallest rectangle, at any angle, round both."""
    return np.asarray(cv2.boxPoints(cv2.minAreaRect(np.concatenate([corners, place]))), np.float32)
