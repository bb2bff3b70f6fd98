"""Lengths by a ruler: in pixels of the upright photo, whatever its sides, with a warning where the line runs otherwise."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.photographs.measuring import Line, Measured, Ruler, long_enough, measure

pytestmark = pytest.mark.requirement("M6")
WIDTH, HEIGHT = 3000, 2000
TEN_CM = Ruler(Line(0.2, 0.8, 0.6, 0.8), 100.0)  # 1200 px


@pytest.mark.parametrize(
    ("line", "millimetres"),
    [
        (Line(0.1, 0.1, 0.5, 0.1), 100.0),
        (Line(0.1, 0.1, 0.3, 0.1), 50.0),
        (Line(0.5, 0.1, 0.1, 0.1), 100.0),
        (Line(0.1, 0.2, 0.1, 0.8), 100.0),  # 1200 px downwards: other sides, the same pixels
        (Line(0.1, 0.1, 0.1, 0.1), 0.0),
    ],
)
def test_is_the_share_of_the_ruler_in_pixels(line, millimetres):
    assert measure(line, TEN_CM, width=WIDTH, height=HEIGHT).millimetres == pytest.approx(millimetres)


@pytest.mark.parametrize(
    ("line", "degrees"),
    [
        (Line(0.1, 0.1, 0.5, 0.1), 0.0),
        (Line(0.5, 0.1, 0.1, 0.1), 0.0),
        (Line(0.1, 0.2, 0.1, 0.8), 90.0),
        (Line(0.0, 0.0, 0.2, 0.3), 45.0),
        (Line(0.2, 0.0, 0.0, 0.3), 45.0),
    ],
)
def test_says_how_far_the_line_is_from_parallel(line, degrees):
    assert measure(line, TEN_CM, width=WIDTH, height=HEIGHT).degrees == pytest.approx(degrees)


@pytest.mark.parametrize(("degrees", "slanted"), [(0.0, False), (15.0, False), (15.1, True), (90.0, True)])
def test_warns_above_fifteen_degrees(degrees, slanted):
    assert Measured(42.0, degrees).slanted is slanted


@pytest.mark.parametrize(
    ("millimetres", "words"), [(42.4, "about 4.2 cm"), (10.0, "about 1.0 cm"), (9.4, "about 9 mm"), (0.0, "about 0 mm")]
)
def test_never_says_more_than_about(millimetres, words):
    assert Measured(millimetres, 0.0).words == words


@pytest.mark.parametrize(("line", "enough"), [(Line(0, 0, 0.02, 0), True), (Line(0, 0, 0.019, 0), False), (Line(0, 0, 0, 0.03), True)])
def test_a_ruler_of_a_few_pixels_is_none(line, enough):
    assert long_enough(Ruler(line, 10.0), width=WIDTH, height=HEIGHT) is enough


@pytest.mark.parametrize(("line", "inside"), [(Line(0, 0, 1, 1), True), (Line(-0.01, 0, 1, 1), False), (Line(0, 0, 1, 1.01), False)])
def test_knows_what_lies_in_the_photo(line, inside):
    assert line.inside() is inside


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4), st.integers(1, 9000), st.integers(1, 9000))
def test_an_angle_is_between_none_and_a_right_one(points, width, height):
    measured = measure(Line(*points), TEN_CM, width=width, height=height)
    assert 0.0 <= measured.degrees <= 90.0
    assert measured.millimetres >= 0
    assert math.isfinite(measured.millimetres)
