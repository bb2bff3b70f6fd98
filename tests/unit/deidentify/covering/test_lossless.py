"""JPEGs covered in their coefficients, read back by a reader that shares nothing with what covers."""

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from tests.factories.coded import ADOBE, CODED, coefficients, grainy, shown, turned

from safelight.deidentify import covering
from safelight.deidentify.boxes import Box
from safelight.deidentify.covering import Covered, How
from safelight.photographs.pictures import Kind, examine

pytestmark = [pytest.mark.requirement("F4"), pytest.mark.goal("S7")]

UNSEEN = {  # from the picture that is seen to the stored one, in Pillow's words
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
ALLOWED = {0xE0, 0xE1, 0xE2, 0xEE, 0xDB, 0xC0, 0xC1, 0xC2, 0xC4, 0xDA}
BLACK = 16  # a decoder smooths colours across the edge


@st.composite
def _boxes(draw: st.DrawFn) -> Box:
    x, y = draw(st.floats(0, 0.95)), draw(st.floats(0, 0.95))
    return Box(x, y, draw(st.floats(0.01, 1 - x)), draw(st.floats(0.01, 1 - y)))


def _mask(copy: Covered, boxes: tuple[Box, ...], orientation: int, turn: int) -> NDArray[np.bool_]:
    """Which stored pixels the boxes are, found by turning a picture of them."""
    drawn = np.zeros((copy.height, copy.width), np.uint8)
    for box in boxes:
        x0, y0, x1, y1 = box.pixels(copy.width, copy.height)
        drawn[y0:y1, x0:x1] = 255
    back = Image.fromarray(np.rot90(drawn, turn))
    return np.asarray(back.transpose(UNSEEN[orientation]) if orientation in UNSEEN else back) > 0


def _markers(data: bytes) -> set[int]:
    found, at = set(), 2
    while at < len(data) - 2:
        assert data[at] == 0xFF
        found.add(data[at + 1])
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if data[at - 1] is not None and found & {0xDA}:
            while data[at] != 0xFF or data[at + 1] == 0 or 0xD0 <= data[at + 1] <= 0xD7:
                at += 1
    return found


def _check(original: bytes, copy: Covered, boxes: tuple[Box, ...], orientation: int, turn: int) -> None:
    asked, covered = _mask(copy, boxes, orientation, turn), _mask(copy, copy.boxes, orientation, turn)
    assert not (asked & ~covered).any()
    before, tables = coefficients(original)
    after, same_tables = coefficients(copy.data)
    assert np.array_equal(tables, same_tables)
    height, width = covered.shape
    rows, columns = max(part.shape[0] for part in before), max(part.shape[1] for part in before)
    for was, now in zip(before, after, strict=True):
        assert was.shape == now.shape
        down, across = (8 * (2 ** round(np.log2(most / mine))) for most, mine in ((rows, was.shape[0]), (columns, was.shape[1])))
        black = np.zeros(was.shape[:2], bool)
        for row in range(was.shape[0]):
            for column in range(was.shape[1]):
                part = covered[row * down : min((row + 1) * down, height), column * across : min((column + 1) * across, width)]
                black[row, column] = part.any()
                assert part.all() == part.any()
        assert np.array_equal(was[~black], now[~black])
        inside = now[black]
        assert len(inside) > 0
        assert not inside.reshape(-1, 64)[:, 1:].any()
        assert len(set(inside[:, 0, 0].tolist())) == 1
    assert _markers(copy.data) <= ALLOWED
    assert copy.data.endswith(b"\xff\xd9")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    kind=st.sampled_from(sorted(CODED)),
    size=st.tuples(st.integers(17, 90), st.integers(17, 90)),
    orientation=st.integers(1, 8),
    turn=st.integers(0, 3),
    boxes=st.lists(_boxes(), min_size=1, max_size=6).map(tuple),
)
@example(kind="4:2:0", size=(49, 33), orientation=6, turn=1, boxes=(Box(0.93, 0.93, 0.07, 0.07),))
def test_outside_all_stays_and_inside_all_is_one_black(kind, size, orientation, turn, boxes):
    original = turned(CODED[kind](grainy(*size)), orientation)
    copy = covering.cover(original, boxes, turn=turn)
    assert copy.how is How.UNCHANGED
    _check(original, copy, boxes, orientation, turn)


@pytest.mark.parametrize("kind", sorted(CODED))
@pytest.mark.parametrize("orientation", [1, 7])
def test_shows_black_where_it_was_asked_and_the_picture_elsewhere(kind, orientation):
    original = turned(CODED[kind](grainy(150, 110)), orientation)
    copy = covering.cover(original, [Box(0.2, 0.3, 0.2, 0.1), Box(0.8, 0.9, 0.2, 0.1)], turn=1)
    seen, before = np.asarray(shown(copy.data)).astype(int), np.rot90(np.asarray(shown(original)), -1).astype(int)
    assert seen.shape[:2] == (copy.height, copy.width)
    near = np.zeros(seen.shape[:2], bool)
    for box in (Box(0.2, 0.3, 0.2, 0.1), Box(0.8, 0.9, 0.2, 0.1)):
        x0, y0, x1, y1 = box.pixels(copy.width, copy.height)
        assert seen[y0:y1, x0:x1].max() <= BLACK
    for box in copy.boxes:
        x0, y0, x1, y1 = box.pixels(copy.width, copy.height)
        near[max(0, y0 - 2) : y1 + 2, max(0, x0 - 2) : x1 + 2] = True
    assert np.array_equal(seen[~near], before[~near])


def test_as_many_boxes_as_an_editor_can_draw_cost_one_pass():
    original = CODED["4:2:0"](grainy(640, 480))
    boxes = tuple(Box(0.05 * (number % 19), 0.05 * (number // 19), 0.02, 0.02) for number in range(300))
    copy = covering.cover(original, boxes)
    assert copy.how is How.UNCHANGED
    _check(original, copy, boxes, 1, 0)


def test_a_copy_without_boxes_is_the_same_picture_and_clean():
    original = turned(CODED["progressive"](grainy(70, 50)), 3)
    copy = covering.cover(original + b"behind the end", [])
    assert all(np.array_equal(was, now) for was, now in zip(coefficients(original)[0], coefficients(copy.data)[0], strict=True))
    assert b"behind" not in copy.data


def test_nothing_hides_behind_the_last_block_of_a_scan():
    plain = CODED["4:2:0"](grainy(64, 64))
    copy = covering.cover(plain[:-2] + b"PLANTED" * 9 + plain[-2:], [Box(0, 0, 0.1, 0.1)])
    assert b"PLANTED" not in copy.data


def test_progressive_stays_progressive_and_arithmetic_becomes_what_browsers_show():
    assert b"\xff\xc2" in covering.cover(CODED["progressive"](grainy(64, 64)), [Box(0, 0, 0.1, 0.1)]).data
    coded = CODED["arithmetic"](grainy(64, 64))
    assert b"\xff\xc9" in coded
    assert b"\xff\xc0" in covering.cover(coded, []).data


def test_boxes_lie_where_the_photo_was_shown():
    """The record's preview and the copy must read one orientation, or the box would cover something else."""
    for orientation in range(1, 9):
        original = turned(CODED["4:2:0"](grainy(160, 90)), orientation)
        preview = examine(original, kind=Kind.JPEG, slate_expected=False)
        copy = covering.cover(original, [])
        assert (copy.width, copy.height) == (preview.width, preview.height)


def test_four_inks_without_the_segment_of_adobe_keep_their_meaning():
    original = CODED["cmyk without Adobe"](grainy(64, 64))
    assert ADOBE[:2] not in original[:200]
    copy = covering.cover(original, [Box(0, 0, 0.2, 0.2)])
    assert b"Adobe" not in copy.data
    assert b"Adobe" in covering.cover(CODED["cmyk"](grainy(64, 64)), []).data
    assert np.array_equal(np.asarray(shown(copy.data))[40:], np.asarray(shown(original))[40:])


def test_red_green_and_blue_that_only_their_names_tell_keep_their_colours_and_are_covered_black():
    named = CODED["rgb"](grainy(64, 64))
    assert named[2:4] == ADOBE[:2]
    original = named[:2] + named[18:]
    copy = covering.cover(original, [Box(0, 0, 0.25, 0.25)])
    assert copy.how is How.UNCHANGED
    seen = np.asarray(shown(copy.data))
    assert seen[:16, :16].max() <= BLACK
    assert np.array_equal(seen[40:], np.asarray(shown(original))[40:])
