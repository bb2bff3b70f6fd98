"""NHS numbers and a hospital's own numbers, as people type them and as they are compared. Pure."""

import re
from enum import StrEnum
from uuid import UUID

from nhs_number.constants import REGION_ENGLAND_WALES_IOM, REGION_SYNTHETIC
from nhs_number.validate import is_valid

_TEN_DIGITS = re.compile(r"\d{10}|\d{3}[ -]\d{3}[ -]\d{4}", re.ASCII)
_HOSPITAL = re.compile(r"[0-9A-Z][0-9A-Z/_.-]{0,31}", re.ASCII)


class Verdict(StrEnum):
    """What ten digits are. Scotland's CHI and Northern Ireland's H&C numbers pass Modulus 11, too: valid, but no NHS numbers."""

    NHS_NUMBER = "nhs_number"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    TEST_NUMBER = "test_number"
    OTHER_NATION = "other_nation"


def judge(digits: str, *, synthetic_allowed: bool) -> Verdict:
    """Ten digits by Modulus 11 (NHS Data Dictionary) and by range; 900 to 999 is synthetic and refused unless allowed."""
    if not is_valid(digits):
        return Verdict.WRONG_CHECK_DIGIT
    if is_valid(digits, for_region=REGION_SYNTHETIC):
        return Verdict.NHS_NUMBER if synthetic_allowed else Verdict.TEST_NUMBER
    return Verdict.NHS_NUMBER if is_valid(digits, for_region=REGION_ENGLAND_WALES_IOM) else Verdict.OTHER_NATION


def ten_digits(text: str) -> str | None:
    """The digits of what is written as an NHS number is (`999 000 0018`); None for anything else. Not yet judged."""
    bare = text.strip()
    return re.sub(r"\D", "", bare) if _TEN_DIGITS.fullmatch(bare) else None


def hospital_number(text: str) -> str | None:
    """A hospital's own number as it is compared: capitals, no spaces. None where it cannot be one."""
    bare = re.sub(r"\s", "", text).upper()
    return bare if _HOSPITAL.fullmatch(bare) else None


def spaced(number: str) -> str:
    """An NHS number as it is read out: 999 000 0018."""
    return f"{number[:3]} {number[3:6]} {number[6:]}"


def temporary(patient_id: UUID) -> str:
    """The number of a patient of whom none is known yet, to be written on the band: T- and six letters of their pseudonym."""
    return f"T-{patient_id.hex[:6].upper()}"
