from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from safelight.design.times import ago, clock, day, since_today

NOON = datetime(2026, 7, 22, 11, 0, tzinfo=UTC)  # 12:00 in London


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 7, 22, 8, 41, tzinfo=UTC), "09:41"),
        (datetime(2026, 7, 21, 23, 30, tzinfo=UTC), "00:30"),  # today in London, yesterday in UTC
        (datetime(2026, 7, 21, 22, 30, tzinfo=UTC), "21 Jul 23:30"),
        (datetime(2026, 1, 2, 9, 5, tzinfo=UTC), "2 Jan 09:05"),
        (datetime(2025, 12, 31, 23, 59, tzinfo=UTC), "31 Dec 2025 23:59"),
        (None, ""),
    ],
)
def test_a_time_is_said_as_on_the_ward(at, words):
    assert clock(at) == words


@pytest.mark.parametrize(
    ("on", "words"),
    [(date(2026, 11, 22), "22 Nov 2026"), (datetime(2026, 7, 21, 23, 30, tzinfo=UTC), "22 Jul 2026"), (None, "")],
)
def test_a_day_is_the_hospitals_day(on, words):
    assert day(on) == words


@pytest.mark.parametrize(
    ("since", "words"),
    [
        (timedelta(seconds=59), "just now"),
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=4, seconds=59), "4 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=14), "14 days ago"),
        (timedelta(days=15), "7 Jul 2026"),
    ],
)
def test_how_long_ago_is_counted_in_whole_units(since, words):
    assert ago(NOON - since) == words


def test_nothing_was_never_ago():
    assert ago(None) == ""


@pytest.mark.parametrize(
    ("now", "since"),
    [
        (datetime(2026, 12, 1, 17, 0, tzinfo=UTC), datetime(2026, 12, 1, 0, 0, tzinfo=UTC)),
        (datetime(2026, 12, 1, 2, 0, tzinfo=UTC), datetime(2026, 11, 30, 14, 0, tzinfo=UTC)),  # a night has begun the evening before
        (datetime(2026, 7, 22, 22, 59, tzinfo=UTC), datetime(2026, 7, 21, 23, 0, tzinfo=UTC)),  # midnight in London
        (datetime(2026, 3, 29, 13, 30, tzinfo=UTC), datetime(2026, 3, 29, 0, 0, tzinfo=UTC)),  # the day when clocks go forward
    ],
)
def test_today_reaches_back_over_a_whole_night(now, since):
    assert since_today(now) == since
