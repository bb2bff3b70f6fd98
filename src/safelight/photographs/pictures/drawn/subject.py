"""Whom an invented photograph shows: tone of skin, limb, lesion, and how near the camera stands."""

from dataclasses import dataclass
from enum import StrEnum

from safelight.photographs.pictures.drawn.fields import Colour


class Tone(StrEnum):
    LIGHT = "light"
    OLIVE = "olive"
    BROWN = "brown"
    DARK = "dark"


class Site(StrEnum):
    FOREARM = "forearm"
    LOWER_LEG = "lower leg"
    BACK = "back"


class Lesion(StrEnum):
    ULCER = "ulcer"
    BURN = "burn"
    PLAQUE = "plaque"
    NAEVUS = "naevus"


class View(StrEnum):
    OVERVIEW = "overview"
    REGIONAL = "regional"
    CLOSE_UP = "close-up"


@dataclass(frozen=True)
class Subject:
    """Whose limb and what is on it. The same seed gives the same lesion, so that a series shows one wound; `healed` runs from 0 to 1."""

    seed: int
    tone: Tone = Tone.LIGHT
    site: Site = Site.FOREARM
    lesion: Lesion = Lesion.ULCER
    healed: float = 0.0


SKIN: dict[Tone, Colour] = {Tone.LIGHT: (226, 178, 152), Tone.OLIVE: (203, 152, 116), Tone.BROWN: (150, 101, 72), Tone.DARK: (98, 63, 46)}
FLUSH: dict[Tone, Colour] = {Tone.LIGHT: (212, 104, 96), Tone.OLIVE: (184, 92, 80), Tone.BROWN: (122, 62, 58), Tone.DARK: (78, 40, 44)}
