"""Fields of numbers out of which invented photographs are made: noise of any grain, soft edges, colours."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Field = NDArray[np.floating]
Size = tuple[int, int]
Colour = tuple[int, int, int]


def noise(random: Generator, size: Size, across: float, down: float | None = None) -> Field:
    """Smooth noise around 0, about 1 in spread, with so many lumps across and down the picture."""
    width, height = size
    down = across * height / width if down is None else down
    coarse = random.standard_normal((max(2, round(down)) + 1, max(2, round(across)) + 1)).astype(np.float32)
    return np.asarray(Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC), dtype=np.float32)


def grain(random: Generator, size: Size, across: float, octaves: int = 4) -> Field:
    """Noise on several scales, as skin and cloth have it."""
    total = np.zeros((size[1], size[0]), np.float32)
    for octave in range(octaves):
        total += noise(random, size, across * 2**octave) * 0.55**octave
    return total


def soft_step(field: Field, edge: float, width: float) -> Field:
    """0 below the edge, 1 above it, smooth between."""
    t = np.clip((field - edge) / width + 0.5, 0, 1).astype(np.float32)
    return np.asarray(t * t * (3 - 2 * t), dtype=np.float32)


def mix(under: Field, over: Field | Colour, share: Field) -> Field:
    """One picture over another, by a share between 0 and 1 at each place."""
    return np.asarray(under + (np.asarray(over, np.float32) - under) * share[..., None], dtype=np.float32)


def blurred(field: Field, radius: float) -> Field:
    """A field of shares between 0 and 1, blurred."""
    grey = Image.fromarray((field * 255).astype(np.uint8)).filter(ImageFilter.BoxBlur(radius))
    return np.asarray(grey, dtype=np.float32) / np.float32(255)


def picture(field: Field) -> Image.Image:
    """Three numbers a place, 0 to 255, as a picture."""
    return Image.fromarray(np.clip(field, 0, 255).astype(np.uint8))


def places(size: Size) -> tuple[Field, Field]:
    """The place of each pixel, across and down, in long sides from the upper left."""
    longest = max(size)
    down, across = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    return across / longest, down / longest
