"""Whether what was read in a photo looks like this patient's own: names, numbers, birth date, address. Pure.

Print that is small, bent or out of focus is read with letters mistaken, so what is nearly the same is the same here: a finding too
many costs one look, one too few names the patient. Nothing is decided by it; it only comes first and says so.
"""

import re
from collections.abc import Iterator
from datetime import date

from rapidfuzz.distance import Levenshtein
from rapidfuzz.fuzz import partial_ratio

from safelight.deidentify.models import Match
from safelight.patients.identity import Identity
from safelight.patients.names import plain
from safelight.photographs.slates import code

NEAR = 80.0
"""How alike words must be, of 100: one letter of five may be mistaken."""
NEAR_NUMBER = 90.0
"""How alike numbers must be: one digit of ten."""
SHORTEST = 4
"""Shorter words are compared exactly, once the usual mistakes are taken out: too many others are like them."""
SHORTEST_ADDRESS = 6

# What readers of print take for one another, in words and in numbers.
_AS_LETTERS = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s", "8": "b", "2": "z", "6": "g"})
_AS_DIGITS = str.maketrans(
    {"o": "0", "q": "0", "d": "0", "i": "1", "l": "1", "|": "1", "!": "1", "z": "2", "s": "5", "g": "6", "b": "8", "t": "7"}
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PARTS_OF_A_DATE = re.compile(r"[^\W_]+")
_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][0-9A-Z]?)\s*([0-9][A-Z]{2})\b", re.IGNORECASE | re.ASCII)


def own(read: str, *known_as: Identity) -> Match:
    """What of the patient's own some text looks like, the strongest first, under any identity by which they are known; a slate's text
    is nobody's.
    """
    if shows_slate(read):
        return Match.SLATE
    return min((match for who in known_as for match, _ in _own(read, who)), key=list(Match).index, default=Match.NONE)


def likeness(read: str, *known_as: Identity) -> str:
    """What exactly of the patient's own some text looks like, a line each: who decides to show it has judged beside these words. It is
    identity, and sealed like what was read.
    """
    return "\n".join(sorted({f"{match} {word}" for who in known_as for match, word in _own(read, who)}))


def _own(read: str, who: Identity) -> Iterator[tuple[Match, str]]:
    if who.nhs_number and _has_number(read, who.nhs_number):
        yield Match.NHS_NUMBER, who.nhs_number
    if who.hospital_number and _has_hospital_number(read, who.hospital_number):
        yield Match.HOSPITAL_NUMBER, plain(who.hospital_number)
    if who.born and _has_date(read, who.born):
        yield Match.BIRTH_DATE, who.born.isoformat()
    for name in _names(who):
        if _has_name(read, name):
            yield Match.NAME, plain(name)
    if who.address and _has_address(read, who.address):
        yield Match.ADDRESS, plain(who.address)


def shows_slate(read: str) -> bool:
    """Whether a text is a slate's."""
    return code.valid(read.strip())


def _names(who: Identity) -> Iterator[str]:
    """Each part of the names by itself, and a family name of several parts as one."""
    for name in (who.family, who.given):
        parts = [part for part in re.split(r"[\s\-]+", name) if part]
        yield from parts
        if len(parts) > 1:
            yield name


def _has_name(read: str, name: str) -> bool:
    wanted = plain(name).translate(_AS_LETTERS)
    words = [plain(word).translate(_AS_LETTERS) for word in re.split(r"[^\w'’|]+", read)]
    if len(wanted) < SHORTEST:
        return wanted in words and len(wanted) > 1
    if any(100 * Levenshtein.normalized_similarity(wanted, word) >= NEAR for word in words if word):
        return True
    # Print that ran together, as "SAMPLETest", and a double name that was read as two words.
    together = "".join(words)
    return SHORTEST < len(wanted) <= len(together) and partial_ratio(wanted, together) >= NEAR_NUMBER


def _has_number(read: str, number: str) -> bool:
    digits = "".join(digit for run in _number_like(read) for digit in run)
    return len(digits) >= len(number) - 1 and partial_ratio(number, digits) >= NEAR_NUMBER


def _number_like(read: str) -> Iterator[str]:
    """The digits of words that are numbers, or nearly: at least half of their letters are digits, or all are taken for some."""
    for word in re.split(r"[\s\-./:]+", read):
        digits = "".join(letter for letter in word.lower().translate(_AS_DIGITS) if letter.isdigit())
        if word and (2 * sum(letter.isdigit() for letter in word) >= len(word) or len(digits) == len(word)):
            yield digits


def _has_hospital_number(read: str, number: str) -> bool:
    wanted = plain(number).translate(_AS_DIGITS)
    words = [plain(word).translate(_AS_DIGITS) for word in read.split()]
    if len(wanted) < SHORTEST:
        return wanted in words
    together = "".join(words)
    return len(together) >= len(wanted) - 1 and partial_ratio(wanted, together) >= NEAR_NUMBER


def _has_date(read: str, born: date) -> bool:
    parts = [part.lower() for part in _PARTS_OF_A_DATE.findall(re.sub(r"(\d)(st|nd|rd|th)\b", r"\1", read.lower()))]
    pieces = [piece for part in parts for piece in _letters_and_digits(part)]
    return any(_is_date(pieces[at : at + 3], born) for at in range(len(pieces))) or any(_in_one(part, born) for part in parts)


def _letters_and_digits(part: str) -> list[str]:
    """`1feb1970` in its three pieces; anything else as it is."""
    split = re.fullmatch(r"(\d{1,2})([a-z]{3,9})(\d{2,4})", part)
    return list(split.groups()) if split else [part]


def _is_date(pieces: list[str], born: date) -> bool:
    if len(pieces) < 3:  # noqa: PLR2004 - day, month and year
        return False
    first, second, third = pieces
    orders = ((first, second, third), (third, second, first), (second, first, third))  # 1 Feb 1970; 1970-02-01; Feb 1, 1970
    return any(_day(day) == born.day and _month(month) == born.month and _is_year(year, born.year) for day, month, year in orders)


def _day(piece: str) -> int | None:
    digits = piece.translate(_AS_DIGITS)
    return int(digits) if digits.isdigit() and len(digits) <= 2 else None  # noqa: PLR2004 - a day has two digits


def _month(piece: str) -> int | None:
    letters = piece.translate(str.maketrans("01358", "oless"))[:3]
    if not piece[0].isdigit() and letters in _MONTHS:
        return _MONTHS.index(letters) + 1
    return _day(piece)


def _is_year(piece: str, year: int) -> bool:
    digits = piece.translate(_AS_DIGITS)
    return digits in {f"{year:04}", f"{year % 100:02}"}


def _in_one(part: str, born: date) -> bool:
    """01021970, 19700201 and 010270 among the digits of one word."""
    digits = part.translate(_AS_DIGITS)
    forms = (f"{born:%d%m%Y}", f"{born:%Y%m%d}")
    return any(form in digits for form in forms) or digits in {f"{born:%d%m%y}", f"{born:%y%m%d}"}


def _has_address(read: str, address: str) -> bool:
    codes = {plain("".join(found)).translate(_AS_LETTERS) for found in _POSTCODE.findall(address)}
    words = plain(read).translate(_AS_LETTERS)
    if any(postcode in words for postcode in codes):
        return True
    if len(words) < SHORTEST_ADDRESS:
        return False
    lines = [plain(line).translate(_AS_LETTERS) for line in re.split(r"[,\n]", address)]
    return any(len(line) >= SHORTEST_ADDRESS and partial_ratio(line, words) >= NEAR and len(words) >= len(line) - 2 for line in lines)
