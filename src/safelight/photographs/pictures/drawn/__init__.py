"""Invented clinical photographs and photographed slates, for the demonstration and the tests. Nobody's skin, nobody's camera.

The same arguments give the same picture. Not imported by anything that serves a hospital's own photographs.
"""

from datetime import datetime

import numpy as np
from PIL import Image

from safelight.photographs.pictures.drawn.fields import Size
from safelight.photographs.pictures.drawn.files import CameraBody, jpeg, raw
from safelight.photographs.pictures.drawn.paper import Conditions, desk, expose, lay, sensor
from safelight.photographs.pictures.drawn.skin import draw
from safelight.photographs.pictures.drawn.subject import Lesion, Site, Subject, Tone, View
from safelight.photographs.slates.draw import Symbol

__all__ = [
    "FULL",
    "SMALL",
    "CameraBody",
    "Conditions",
    "Lesion",
    "Site",
    "Subject",
    "Symbol",
    "Tone",
    "View",
    "jpeg",
    "photograph",
    "raw",
    "slate",
    "slate_file",
]

FULL: Size = (6000, 4000)
SMALL: Size = (1200, 800)
_DRAWN_ACROSS = 2000  # larger pictures are enlarged: skin holds no finer detail than a lens shows
_SENSOR_NOISE = 2.5


def photograph(subject: Subject, view: View, *, size: Size = FULL, shot: int = 0) -> Image.Image:
    """One clinical photograph of an invented subject: limb, lesion, ruler, drape."""
    reduced = min(1.0, _DRAWN_ACROSS / max(size))
    small = (round(size[0] * reduced), round(size[1] * reduced))
    drawn = draw(subject, view, small, shot)
    shown = drawn if small == size else drawn.resize(size, Image.Resampling.BICUBIC)
    return sensor(shown, _SENSOR_NOISE, np.random.default_rng((subject.seed, shot, 5)))


def slate(
    *texts: str,
    seed: int,
    size: Size = FULL,
    symbol: Symbol = Symbol.DATA_MATRIX,
    width_share: float = 0.3,
    conditions: Conditions = Conditions.EASY,
    behind: Image.Image | None = None,
) -> Image.Image:
    """A photographed slate, or several in one frame, on a desk or over another picture. `width_share` counts the quiet zone."""
    random = np.random.default_rng((seed, 11))
    scene = (behind or desk(size, random)).convert("RGB")
    for index, text in enumerate(texts):
        columns = scene.width * index / len(texts), scene.width * (index + 1) / len(texts)  # several do not hide each other
        scene = lay(scene, text, symbol, width_share=width_share, columns=columns, shot=conditions.value, random=random)
    return expose(scene, conditions.value, random)


def slate_file(text: str, *, seed: int, body: CameraBody, taken: datetime, size: Size = FULL, width_share: float = 0.3) -> bytes:
    """A slate as the camera's JPEG."""
    return jpeg(slate(text, seed=seed, size=size, width_share=width_share), body, taken)
