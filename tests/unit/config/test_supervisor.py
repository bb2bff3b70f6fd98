"""A child that ends is started again: sooner where it had lived well, later and later where it ends at once."""

import sys

from safelight.config.supervisor import FIRST_PAUSE, LIVED_WELL, LONGEST_PAUSE, Child


def _ended(child: Child, now: float) -> float:
    """Let the child's process end; returns the seconds until it is started again."""
    assert child.process is not None
    child.process.wait(30)
    child.look(now)
    return child.again_at - now


def test_waits_longer_each_time_and_never_longer_than_half_a_minute():
    child, now, pauses = Child("brief", [sys.executable, "-c", ""]), 1000.0, []
    for _ in range(8):
        child.look(now)
        pauses.append(_ended(child, now))
        now = child.again_at
    assert pauses[:3] == [FIRST_PAUSE, 2 * FIRST_PAUSE, 4 * FIRST_PAUSE]
    assert pauses[-1] == LONGEST_PAUSE


def test_what_lived_well_is_started_again_at_once():
    child = Child("long", [sys.executable, "-c", ""], pause=LONGEST_PAUSE)
    child.look(1000.0)
    assert _ended(child, 1000.0 + LIVED_WELL + 1) == FIRST_PAUSE
