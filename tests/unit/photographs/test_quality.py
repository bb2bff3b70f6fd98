"""Hints: what a picture is told to be, for dark and light skin alike, and that a worker cannot say anything else."""

from functools import cache

import numpy as np
import pytest
from PIL import Image, ImageFilter
from tests.factories.pictures import BODY, TAKEN

from safelight.photographs import pictures
from safelight.photographs.pictures import Kind, drawn
from safelight.photographs.pictures.drawn import Lesion, Site, Subject, Tone, View
from safelight.photographs.quality import judging
from safelight.photographs.quality.hints import Hint, in_words, known

pytestmark = pytest.mark.requirement("C5")
EXTREMES = (Tone.LIGHT, Tone.DARK)
SIZE = (1500, 1000)  # what a photo of 24 MP is drawn at


@cache
def photo(tone: Tone, view: View = View.CLOSE_UP) -> Image.Image:
    return drawn.photograph(Subject(seed=3, tone=tone, site=Site.LOWER_LEG, lesion=Lesion.ULCER), view, size=SIZE)


def blurred(shown: Image.Image, width: float) -> Image.Image:
    """Out of focus by so many pixels, with a sensor's noise over it."""
    soft = np.asarray(shown.filter(ImageFilter.GaussianBlur(width))).astype(np.int16)
    noise = np.random.default_rng(1).standard_normal((*soft.shape[:2], 1)) * 2.5
    return Image.fromarray((soft + noise).clip(0, 255).astype(np.uint8))


def exposed(shown: Image.Image, stops: float) -> Image.Image:
    return shown.point([round(255 * min(1.0, (level / 255) ** 2.2 * 2**stops) ** (1 / 2.2)) for level in range(256)] * 3)


def reflecting(shown: Image.Image) -> Image.Image:
    """A flash that the skin throws back, in the middle."""
    down, across = np.mgrid[0 : shown.height, 0 : shown.width]
    away = (across - shown.width / 2) ** 2 + (down - shown.height * 0.45) ** 2
    light = 400 * np.exp(-away / (2 * (0.05 * shown.width) ** 2))
    return Image.fromarray((np.asarray(shown) + light[..., None]).clip(0, 255).astype(np.uint8))


@pytest.mark.requirement("L4")
@pytest.mark.parametrize("tone", EXTREMES)
class TestOnDarkAndLightSkin:
    def test_has_nothing_to_say_of_a_good_photo_with_a_ruler(self, tone):
        assert judging.hints(photo(tone)) == ()

    def test_names_what_is_out_of_focus(self, tone):
        assert Hint.FOCUS in judging.hints(blurred(photo(tone), 4))

    def test_does_not_mind_what_nobody_sees(self, tone):
        assert Hint.FOCUS not in judging.hints(blurred(photo(tone), 0.7))

    def test_names_what_is_too_dark_and_then_nothing_else(self, tone):
        assert judging.hints(exposed(blurred(photo(tone), 4), -4)) == (Hint.DARK,)

    def test_names_glare(self, tone):
        assert Hint.GLARE in judging.hints(reflecting(photo(tone)))

    def test_misses_the_ruler(self, tone):
        without = photo(tone).copy()
        without.paste(photo(tone).crop((0, 100, SIZE[0], 400)), (0, 640))
        assert Hint.NO_SCALE in judging.hints(without)


def test_names_light_skin_that_is_burnt():
    assert Hint.BRIGHT in judging.hints(exposed(photo(Tone.LIGHT), 2.5))


def test_a_small_picture_is_not_judged():
    assert judging.hints(photo(Tone.LIGHT).resize((400, 267))) == ()


@pytest.mark.parametrize("levels", [0, 128, 255])
def test_a_picture_of_nothing_has_its_hints_too(levels):
    assert judging.hints(Image.new("RGB", SIZE, (levels,) * 3))


def test_the_hints_come_out_of_the_walled_worker():
    soft = drawn.jpeg(blurred(photo(Tone.DARK), 5), BODY, TAKEN)
    assert Hint.FOCUS in pictures.examine(soft, kind=Kind.JPEG, slate_expected=False).hints
    sharp = drawn.jpeg(photo(Tone.DARK), BODY, TAKEN)
    assert pictures.examine(sharp, kind=Kind.JPEG, slate_expected=False).hints == ()


def test_words_are_one_clause():
    assert in_words((Hint.FOCUS,)) == "may be out of focus"
    assert in_words((Hint.FOCUS, Hint.DARK, Hint.NO_SCALE)) == "may be out of focus and may be too dark"
    assert in_words((Hint.NO_SCALE,)) == in_words(()) == ""


@pytest.mark.parametrize("codes", [None, "focus", 7, {"focus": 1}, ["never heard of"], [["focus"]]])
def test_what_a_row_holds_that_is_no_list_of_hints_says_nothing(codes):
    assert known(codes) == ()
