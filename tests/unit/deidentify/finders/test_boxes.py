import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from safelight.deidentify.boxes import Box, NotABox

SIDE = some.integers(1, 12_000)


@pytest.mark.parametrize(
    "edges",
    [(-0.1, 0, 0.5, 0.5), (0, 0, 0, 0.5), (0.6, 0, 0.5, 0.5), (0, 0.9, 0.1, 0.2), (0, 0, 1.1, 1), (math.nan, 0, 1, 1), (0, 0, math.inf, 1)],
)
def test_refuses_what_is_no_rectangle_within_the_photo(edges):
    with pytest.raises(NotABox):
        Box(*edges)


@given(some.data(), SIDE, SIDE)
def test_comes_back_as_the_pixels_it_was_made_of(data, width, height):
    x0, y0 = data.draw(some.integers(0, width - 1)), data.draw(some.integers(0, height - 1))
    x1, y1 = data.draw(some.integers(x0 + 1, width)), data.draw(some.integers(y0 + 1, height))
    assert Box.of_pixels(x0, y0, x1, y1, width, height).pixels(width, height) == (x0, y0, x1, y1)


SHARE = some.floats(0, 1)


@given(SHARE, SHARE, SHARE, SHARE, SIDE, SIDE)
def test_rounds_outward_and_stays_within_the_photo(x, y, w, h, width, height):
    try:
        box = Box(x, y, min(w, 1 - x), min(h, 1 - y))
    except NotABox:
        return
    x0, y0, x1, y1 = box.pixels(width, height)
    assert 0 <= x0 < x1 <= width
    assert 0 <= y0 < y1 <= height
    assert x0 <= box.x * width + 1e-5
    assert x1 >= (box.x + box.w) * width - 1e-5
    assert y0 <= box.y * height + 1e-5
    assert y1 >= (box.y + box.h) * height - 1e-5


def test_cuts_off_what_lies_outside():
    assert Box.of_pixels(-10, -10, 50, 50, 100, 100) == Box(0, 0, 0.5, 0.5)


@pytest.mark.parametrize("edges", [(120, 0, 150, 50), (50, 0, 50, 10), (0, 0, 10, 0), (30, 0, 20, 10)])
def test_refuses_pixels_of_which_nothing_is_left(edges):
    with pytest.raises(NotABox):
        Box.of_pixels(*edges, 100, 100)
