"""A covered copy without the edges of its black areas, for who looks for print.

Black rectangles in a row, and what is left of a ruler between them, look like letters to the networks: they read what covering made,
and miss half a letter that stands beside it. So each area takes on the colours around it, from far to near (pull and push: Gortler et
al., The Lumigraph, 1996). Not a pixel outside changes, but for those in which a decoder mixes the black with what is beside it.
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from safelight.deidentify.boxes import Box
from safelight.deidentify.ports import Pixels, Upright

_MIXED = 3  # pixels of a reduction beside a black area
_COARSEST = 2  # pixels of the longer side

Level = tuple[NDArray[np.float32], NDArray[np.float32]]  # colours times their weight, and the weight of each


def without_edges(photograph: Upright) -> Upright:
    """The same photograph with its covered areas filled in both reductions; itself where nothing is covered."""
    if not photograph.covered:
        return photograph
    closer = _filled(photograph.closer, photograph.covered)
    whole = closer if photograph.whole is photograph.closer else _filled(photograph.whole, photograph.covered)
    return replace(photograph, closer=closer, whole=whole)


def _filled(picture: Pixels, areas: tuple[Box, ...]) -> Pixels:
    height, width = picture.shape[:2]
    seen = np.ones((height, width), np.float32)
    for x0, y0, x1, y1 in (area.pixels(width, height) for area in areas):
        seen[max(y0 - _MIXED, 0) : y1 + _MIXED, max(x0 - _MIXED, 0) : x1 + _MIXED] = 0
    finest, *coarser = _levels((picture * seen[:, :, None], seen))
    colours = _colours(coarser[-1]) if coarser else _colours(finest)
    for level in reversed(coarser[:-1]):
        colours = _over(level, colours)
    filled = _over(finest, colours).round().clip(0, 255)
    return np.where(seen[:, :, None] > 0, picture, filled).astype(np.uint8)


def _levels(finest: Level) -> list[Level]:
    """Ever smaller ones, until each of their pixels knows a colour."""
    levels = [finest]
    while levels[-1][1].min() == 0 and max(levels[-1][1].shape) > _COARSEST:
        weighted, weight = levels[-1]
        height, width = weight.shape
        size = (-(-width // 2), -(-height // 2))
        smaller = (cv2.resize(each, size, interpolation=cv2.INTER_AREA) for each in (weighted, weight))
        levels.append((np.asarray(next(smaller), np.float32), np.asarray(next(smaller), np.float32)))
    return levels


def _colours(level: Level) -> NDArray[np.float32]:
    weighted, weight = level
    return np.asarray(weighted / np.maximum(weight, 1e-6)[:, :, None], np.float32)


def _over(level: Level, coarser: NDArray[np.float32]) -> NDArray[np.float32]:
    """The colours of a level, and as far as it knows none, those of the next coarser one."""
    weighted, weight = level
    under = np.asarray(cv2.resize(coarser, weight.shape[::-1], interpolation=cv2.INTER_LINEAR), np.float32)
    return np.asarray(weighted + under * (1 - weight)[:, :, None], np.float32)
