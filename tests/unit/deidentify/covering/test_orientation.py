"""The eight orientations and the turns of a person, against pictures that are really turned."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from safelight.deidentify.covering.orientation import outward, way

pytestmark = pytest.mark.requirement("F4")

STORED = (7, 5)


def _picture() -> Image.Image:
    return Image.fromarray(np.arange(35, dtype=np.uint8).reshape(5, 7))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("quarters", range(4))
def test_each_pixel_is_found_again(orientation, quarters):
    stored = _picture()
    stored.getexif()[0x0112] = orientation
    upright = np.asarray(ImageOps.exif_transpose(stored))
    seen = np.rot90(upright, -quarters)
    how = way(orientation, quarters)
    size = how.size(STORED)
    assert size == seen.shape[::-1]
    for y in range(size[1]):
        for x in range(size[0]):
            x0, y0, x1, y1 = how.stored((x, y, x + 1, y + 1), size)
            assert (x1 - x0, y1 - y0) == (1, 1)
            assert np.asarray(stored)[y0, x0] == seen[y, x]
            assert how.seen((x0, y0, x1, y1), size) == (x, y, x + 1, y + 1)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_number_of_exif_says_both_the_cameras_turn_and_the_persons(orientation):
    for quarters in range(4):
        once = way(orientation, quarters)
        assert way(once.orientation, 0) == once
        assert way(once.orientation, 4 - quarters).orientation == orientation


@given(st.tuples(*[st.integers(1, 200)] * 2), st.sampled_from([(8, 8), (16, 8), (8, 16), (16, 16), (32, 8)]), st.data())
def test_grows_to_whole_units_within_the_picture(size, unit, data):
    x0, y0 = data.draw(st.integers(0, size[0] - 1)), data.draw(st.integers(0, size[1] - 1))
    x1, y1 = data.draw(st.integers(x0 + 1, size[0])), data.draw(st.integers(y0 + 1, size[1]))
    grown = outward((x0, y0, x1, y1), unit, size)
    assert grown[0] <= x0 < x1 <= grown[2] <= size[0]
    assert grown[1] <= y0 < y1 <= grown[3] <= size[1]
    assert grown[0] % unit[0] == grown[1] % unit[1] == 0
    assert grown[2] % unit[0] == 0 or grown[2] == size[0]
    assert grown[3] % unit[1] == 0 or grown[3] == size[1]
    assert grown[0] > x0 - unit[0]
    assert grown[2] < x1 + unit[0]
