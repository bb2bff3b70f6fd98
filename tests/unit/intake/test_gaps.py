"""Which file numbers a sequence lacks."""

import pytest

from safelight.intake.gaps import missing_numbers

pytestmark = pytest.mark.requirement("D5")


def on(folder, *numbers):
    return [(folder, number) for number in numbers]


def test_a_whole_sequence_lacks_nothing():
    assert missing_numbers(on(100, 3, 4, 5), on(100, 1, 2, 3, 4, 5, 6)) == []


def test_names_what_is_gone_between_two_photos():
    assert missing_numbers(on(100, 3, 6), on(100, 1, 3, 6, 7)) == on(100, 4, 5)


def test_what_lies_before_or_behind_the_sequence_is_not_its_own():
    assert missing_numbers(on(100, 5, 6), on(100, 1, 5, 6, 9)) == []


def test_another_patients_photo_between_is_not_missing():
    assert missing_numbers(on(100, 3, 5), on(100, 3, 4, 5)) == []


def test_goes_on_into_the_next_folder():
    sequence = on(100, 9997, 9999) + on(101, 2)
    assert missing_numbers(sequence, sequence) == on(100, 9998)
    assert missing_numbers([*sequence, (101, 4)], [*sequence, (101, 4)]) == [(100, 9998), (101, 3)]


def test_nothing_lacks_nothing():
    assert missing_numbers([], on(100, 1)) == []
