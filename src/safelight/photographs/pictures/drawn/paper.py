"""Invented photographs of a slate: the symbol on paper, at any angle, in good and bad light, and lens and hand as they are."""

from dataclasses import dataclass
from enum import Enum
from math import cos, radians, sin

import cv2
import numpy as np
from numpy.random import Generator
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from safelight.photographs.pictures.drawn.fields import Size, grain, picture
from safelight.photographs.slates.code import short_code
from safelight.photographs.slates.draw import Symbol, modules


@dataclass(frozen=True)
class Shot:
    """How a slate was photographed: blur (sigma in pixels at 6000 across), noise (levels), share of light, glare, perspective."""

    blur: float
    noise: float
    light: float
    glare: float
    tilt: float


class Conditions(Enum):
    """The three sorts of shot that reading is measured on."""

    EASY = Shot(blur=1.0, noise=2.0, light=1.0, glare=0.0, tilt=0.03)
    HARD = Shot(blur=2.2, noise=8.0, light=0.7, glare=0.5, tilt=0.10)
    WORST = Shot(blur=4.0, noise=8.0, light=0.5, glare=0.2, tilt=0.20)


Columns = tuple[float, float]
_DRAWN_AT = 24  # pixels a module before the camera sees it


def lay(
    scene: Image.Image, text: str, symbol: Symbol, *, width_share: float, columns: Columns, shot: Shot, random: Generator
) -> Image.Image:
    """Lay the symbol of a slate on a piece of paper somewhere between two columns of a scene.

    Its width, quiet zone included, is a share of the scene's.
    """
    paper = _card(text, symbol)
    card_share = width_share * paper.width / (modules(text, symbol).shape[0] * _DRAWN_AT)
    return _lay(scene, paper, width=card_share * scene.width, columns=columns, shot=shot, random=random)


def expose(scene: Image.Image, shot: Shot, random: Generator) -> Image.Image:
    """What lens, light and sensor make of a scene."""
    scale = max(scene.size) / 6000
    if shot.glare:
        down, across = (int(random.uniform(-0.3, 0.3) * side) for side in reversed(scene.size))
        glow = ImageChops.offset(Image.radial_gradient("L").resize(scene.size), across, down)
        scene = scene.copy()
        scene.paste((255, 255, 255), mask=glow.point([round(max(0.0, 1 - level / 128) * shot.glare * 0.7 * 255) for level in range(256)]))
    soft = cv2.GaussianBlur(np.asarray(scene), (0, 0), shot.blur * scale) if shot.blur else np.asarray(scene)
    return sensor(Image.fromarray(soft).point(lambda level: level * shot.light), shot.noise, random)


def sensor(scene: Image.Image, noise: float, random: Generator) -> Image.Image:
    """Noise as a sensor adds it: a tile of it, repeated."""
    side = 512
    tile = (random.standard_normal((side, side, 3)) * noise).astype(np.int16)
    pixels = np.asarray(scene).astype(np.int16)
    for top in range(0, pixels.shape[0], side):
        for left in range(0, pixels.shape[1], side):
            part = pixels[top : top + side, left : left + side]
            part += tile[: part.shape[0], : part.shape[1]]
    return Image.fromarray(np.clip(pixels, 0, 255, out=pixels).astype(np.uint8))


def desk(size: Size, random: Generator) -> Image.Image:
    """A plain desk under the paper."""
    small = (max(1, size[0] // 4), max(1, size[1] // 4))
    wood = np.asarray((176, 164, 148), np.float32) * (1 + 0.03 * grain(random, small, 3))[..., None]
    return picture(wood).resize(size, Image.Resampling.BICUBIC)


def _card(text: str, symbol: Symbol) -> Image.Image:
    drawn = Image.fromarray(modules(text, symbol))
    side = drawn.width * _DRAWN_AT
    card = Image.new("RGB", (round(side * 1.3), round(side * 1.6)), (238, 236, 230))
    card.paste(drawn.resize((side, side), Image.Resampling.NEAREST), (round(side * 0.15), round(side * 0.15)))
    pen = ImageDraw.Draw(card)
    pen.text((card.width / 2, side * 1.38), short_code(text), fill=(24, 24, 28), font=ImageFont.load_default(side / 6), anchor="mm")
    return card


def _lay(scene: Image.Image, paper: Image.Image, *, width: float, columns: Columns, shot: Shot, random: Generator) -> Image.Image:
    """Turn the paper by any angle, see it aslant, and put it where it fits."""
    height = width * paper.height / paper.width
    turn = radians(random.uniform(0, 360))
    reach = (abs(cos(turn)) * width + abs(sin(turn)) * height) / 2, (abs(sin(turn)) * width + abs(cos(turn)) * height) / 2
    centre = [
        random.uniform(first + extent, last - extent) if last - first > 2 * extent else (first + last) / 2
        for extent, (first, last) in zip(reach, (columns, (0, scene.height)), strict=True)
    ]
    corners = []
    for across, down in ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)):
        narrow = 1 - shot.tilt * (down + 0.5)
        x, y = across * width * narrow, down * height
        corners.append((centre[0] + x * cos(turn) - y * sin(turn), centre[1] + x * sin(turn) + y * cos(turn)))
    left, top = (int(min(corner[axis] for corner in corners)) - 2 for axis in (0, 1))
    right, bottom = (int(max(corner[axis] for corner in corners)) + 3 for axis in (0, 1))
    size = (right - left, bottom - top)
    seen = _perspective([(x - left, y - top) for x, y in corners], paper.size)
    # The paper is reduced first: sampled at single points it would lose modules.
    mask = Image.new("L", paper.size, 255).transform(size, Image.Transform.PERSPECTIVE, seen, Image.Resampling.BILINEAR)
    shown = paper.filter(ImageFilter.BoxBlur(max(0.0, paper.width / width / 2 - 0.5)))
    laid = scene.copy()
    laid.paste(shown.transform(size, Image.Transform.PERSPECTIVE, seen, Image.Resampling.BICUBIC), (left, top), mask)
    return laid


def _perspective(corners: list[tuple[float, float]], size: Size) -> list[float]:
    """The eight numbers by which Pillow finds, for each place of the scene, its place on the paper."""
    rows, sought = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (size[0], 0), (size[0], size[1]), (0, size[1])), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        sought += [u, v]
    return [float(number) for number in np.linalg.solve(np.array(rows, float), np.array(sought, float))]
