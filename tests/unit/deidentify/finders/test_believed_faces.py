"""Which faces a small look at a photograph is believed about: those that fill the frame, and others where it is sure."""

import numpy as np
import pytest

from safelight.deidentify.adapters import faces


@pytest.mark.requirement("F1")
def test_a_small_look_is_believed_about_close_ups_and_elsewhere_where_it_is_sure():
    small = next(one for one in faces.PASSES if one.side == 640 and not one.turns)
    rows = np.array([[0, 0, 200, 200, 0.35], [0, 0, 60, 60, 0.35], [100, 0, 160, 60, 0.55]], np.float32)
    assert faces._believed(rows, small, 480)[:, :4].tolist() == rows[[0, 2], :4].tolist()
    smallest = faces.PASSES[0]
    assert faces._believed(rows, smallest, 480)[:, :4].tolist() == rows[:1, :4].tolist()
