"""What in a question may say who the patient is. Pure; a person decides what it means."""

import re
from datetime import date
from enum import StrEnum
from itertools import pairwise

from safelight.patients import names
from safelight.patients.identity import Identity


class Doubt(StrEnum):
    """What a question seems to hold."""

    NAME = "name"
    NHS_NUMBER = "nhs_number"
    HOSPITAL_NUMBER = "hospital_number"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Doubt.NAME: "the patient's name",
    Doubt.NHS_NUMBER: "a number that looks like an NHS number",
    Doubt.HOSPITAL_NUMBER: "the patient's hospital number",
    Doubt.BIRTH_DATE: "a birth date",
    Doubt.ADDRESS: "the patient's address or postcode",
}
SHORTEST_NAME = 2
# Without its leading zeros a number may be short enough to stand for hours or millimetres.
SHORTEST_NUMBER = 5
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Digits in groups, as people read a number out, and not inside a longer one.
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ .\-]?\d{3}[ .\-]?\d{4}(?!\d)", re.ASCII)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})[./\- ](\d{1,2})[./\- ](\d{2,4})(?!\d)", re.ASCII)
_IN_WORDS = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[ .\-]*([a-z]{3})[a-z]*[ .,\-]*(\d{4}|\d{2})(?!\d)", re.ASCII)
_SAYS_BORN = re.compile(r"\b(?:d\.?o\.?b\b|born|birth ?date|date of birth)\D{0,8}\d", re.IGNORECASE)
_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b", re.IGNORECASE | re.ASCII)


def doubts(words: str, who: Identity) -> frozenset[Doubt]:
    """What of this patient, or of the shape of an identifier, stands in some words."""
    found = {
        Doubt.NAME: _has_name(words, who),
        Doubt.NHS_NUMBER: bool(_TEN_DIGITS.search(words)),
        Doubt.HOSPITAL_NUMBER: _has_number(words, who.hospital_number),
        Doubt.BIRTH_DATE: bool(_SAYS_BORN.search(words)) or _has_date(words, who.born),
        Doubt.ADDRESS: bool(_POSTCODE.search(words)) or _has_address(words, who.address),
    }
    return frozenset(doubt for doubt, there in found.items() if there)


def _has_name(words: str, who: Identity) -> bool:
    """A name as a word of its own, however it is spelled; names in several words as a whole too."""
    own = {key for name in (who.family, who.given, *who.given.split()) for key in names.keys(name) if len(key) >= SHORTEST_NAME}
    said = [names.plain(word) for word in re.split(r"[\s,.;:!?()\"/]+", words)]
    pairs = [first + second for first, second in pairwise(said)]
    possessive = [word[:-1] for word in said if word.endswith("s")]
    return not own.isdisjoint([*said, *pairs, *possessive])


def _has_number(words: str, number: str | None) -> bool:
    if not number:
        return False
    bare = number.lstrip("0")
    forms = [number, *([bare] if len(bare) >= SHORTEST_NUMBER else [])]
    closed = re.sub(r"(?<=[0-9A-Z])[ \-](?=[0-9A-Z])", "", words.upper())
    return any(re.search(rf"(?<![0-9A-Z]){re.escape(form)}(?![0-9A-Z])", text) for form in forms for text in (words.upper(), closed))


def _has_date(words: str, born: date | None) -> bool:
    if born is None:
        return False
    low = words.lower()
    for one, two, three in _NUMERIC.findall(low):
        parts = [int(one), int(two), int(three)]
        if any(_means(day, month, year, born) for day, month, year in (parts, [parts[1], parts[0], parts[2]], parts[::-1])):
            return True
    return any(
        month in _MONTHS and _means(int(day), _MONTHS.index(month) + 1, int(year), born) for day, month, year in _IN_WORDS.findall(low)
    )


def _means(day: int, month: int, year: int, born: date) -> bool:
    return (day, month) == (born.day, born.month) and year in {born.year, born.year % 100}


def _has_address(words: str, address: str) -> bool:
    """The first line of the address, or its postcode, as they stand."""
    said = names.plain(words)
    lines = [names.plain(line) for line in address.split(",")[:1]]
    return any(len(line) > len("1 road") and line in said for line in lines)
