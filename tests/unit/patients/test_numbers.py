from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from safelight.patients.numbers import Verdict, hospital_number, judge, spaced, temporary, ten_digits

ENGLISH = (st.integers(400_000_000, 499_999_999) | st.integers(600_000_000, 799_999_999)).map(str)


def check_digit(nine: str) -> int:
    """Modulus 11 by the NHS Data Dictionary: 11 is written 0, 10 is never given out."""
    check = 11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return 0 if check == 11 else check


@pytest.mark.requirement("E1")
@given(ENGLISH)
def test_accepts_every_number_that_keeps_the_rule_and_no_other_check_digit(nine):
    check = check_digit(nine)
    for last in range(10):
        expected = Verdict.NHS_NUMBER if last == check else Verdict.WRONG_CHECK_DIGIT
        assert judge(f"{nine}{last}", synthetic_allowed=False) is expected


@pytest.mark.requirement("E1")
@given(ENGLISH)
def test_accepts_none_of_all_single_digit_errors(nine):
    check = check_digit(nine)
    assume(check < 10)
    right = f"{nine}{check}"
    for place in range(10):
        for digit in "0123456789":
            if digit != right[place]:
                wrong = right[:place] + digit + right[place + 1 :]
                assert judge(wrong, synthetic_allowed=True) is Verdict.WRONG_CHECK_DIGIT


@pytest.mark.requirement("E1")
def test_all_digits_alike_are_judged_by_rule_and_range_alone():
    accepted = {digit for digit in "0123456789" if judge(digit * 10, synthetic_allowed=True) is Verdict.NHS_NUMBER}
    assert accepted == {digit for digit in "4679" if check_digit(digit * 9) == int(digit)}
    assert judge("5" * 10, synthetic_allowed=True) is not Verdict.NHS_NUMBER


def test_takes_synthetic_numbers_only_where_they_are_allowed():
    assert judge("9990000018", synthetic_allowed=True) is Verdict.NHS_NUMBER
    assert judge("9990000018", synthetic_allowed=False) is Verdict.TEST_NUMBER


@pytest.mark.parametrize("number", ["0101010028", "3200000007"])
def test_says_that_scottish_and_irish_numbers_are_others(number):
    assert judge(number, synthetic_allowed=True) is Verdict.OTHER_NATION


@pytest.mark.parametrize("typed", ["9990000018", "999 000 0018", "999-000-0018", " 9990000018 "])
def test_reads_ten_digits_as_people_write_them(typed):
    assert ten_digits(typed) == "9990000018"


@pytest.mark.parametrize("typed", ["", "999000001", "99900000188", "99 90000018", "999000001X", "９９９００００１８１", "9990000018a"])
def test_reads_no_number_in_anything_else(typed):
    assert ten_digits(typed) is None


def test_compares_hospital_numbers_in_capitals_without_spaces():
    assert hospital_number(" rj1 00 018 ") == "RJ100018"
    assert hospital_number("0000018") == "0000018"
    assert hospital_number("=1+1") is None
    assert hospital_number("A" * 33) is None


def test_writes_a_number_as_it_is_read_out():
    assert spaced("9990000018") == "999 000 0018"


def test_gives_an_unknown_patient_a_number_that_fits_on_a_band():
    number = temporary(UUID("3f2a1c00-0000-4000-8000-000000000000"))
    assert number == "T-3F2A1C"
    assert hospital_number(number) == number
