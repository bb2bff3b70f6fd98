"""A photograph that lies on its side: its print is read upright, and the boxes are where the print is."""

import numpy as np
import pytest

from safelight.deidentify.adapters import text
from safelight.deidentify.adapters.text import Line

SHARES = (0.1, 0.05, 0.18, 0.09)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_line_goes_back_to_where_it_was_before_the_picture_was_turned(turns):
    shown = np.zeros((500, 1000), np.uint8)
    shown[25:45, 100:180] = 1
    turned = np.rot90(shown, turns)
    there = np.argwhere(turned)
    (top, left), (bottom, right) = there.min(axis=0), there.max(axis=0) + 1
    high, wide = turned.shape
    line = Line((left / wide, top / high, right / wide, bottom / high), "NHS", 0.9)
    assert text._turned_back(line, turns).place == pytest.approx(SHARES)


def test_what_was_seen_before_alone_or_read_better_stays():
    before = [Line((0.1, 0.1, 0.2, 0.4), "WARD 7", 0.9), Line((0.6, 0.1, 0.7, 0.4), "BED 4", 0.9)]
    turned = [Line((0.1, 0.1, 0.2, 0.4), "WA", 0.9), Line((0.1, 0.6, 0.2, 0.9), "SAMPLE", 0.9)]
    assert {line.text for line in text._better(turned, before)} == {"WARD 7", "BED 4", "SAMPLE"}
    assert {line.text for line in text._better(before, turned)} == {"WARD 7", "BED 4", "SAMPLE"}


def test_print_that_stands_on_end_is_known_by_its_shape():
    assert text._on_end(np.array([[0, 0], [20, 0], [20, 80], [0, 80]], np.float32))
    assert not text._on_end(np.array([[0, 0], [80, 0], [80, 20], [0, 20]], np.float32))
