"""A list of patients as another system writes it: CSV with a header row, UTF-8 or Windows-1252. Pure.

1. The columns stand in any order; `family` and a number are needed, others may be empty or missing. Separated by commas or semicolons.
2. A row with a fault is named by its number, as a spreadsheet counts (the header is row 1), in words; the good ones go on.
3. Two rows with one number contradict each other: the second is a fault.
"""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime

from safelight.patients import numbers, rules
from safelight.patients.identity import Identity
from safelight.patients.rules import LONGEST_WARD

COLUMNS = ("family", "given", "born", "nhs_number", "hospital_number", "ward", "address")
TEMPLATE = ",".join(COLUMNS) + "\r\nSAMPLE,Test,1970-01-31,999 000 0018,0000018,BURNS2,1 Lamp Street\r\n"
MOST_ROWS = 5_000
NOT_CSV = "This is not a CSV file. In a spreadsheet, choose Save as, CSV UTF-8."
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y%m%d")
_NO_LETTER = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x80-\x9f]")


@dataclass(frozen=True, slots=True)
class Line:
    """One good row. Empty boxes say nothing: what is known already stays."""

    row: int
    identity: Identity = field(repr=False)
    ward: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """A row that was not taken, and why, in words. `row` 0 is the whole file."""

    row: int
    says: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a file said."""

    lines: tuple[Line, ...]
    wrong: tuple[Wrong, ...]


def read(raw: bytes, *, today: date, synthetic_allowed: bool) -> Listed:
    """The rows of a file, good and bad."""
    if b"\0" in raw:  # a spreadsheet's own format, or UTF-16
        return Listed((), (Wrong(0, NOT_CSV),))
    text = _decoded(raw)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    try:
        header = [cell.strip().casefold().replace(" ", "_") for cell in next(rows, [])]
        if unknown := _not_a_header(header):
            return Listed((), (Wrong(0, unknown),))
        cells = [(number, row) for number, row in enumerate(rows, start=2) if any(cell.strip() for cell in row)]
    except csv.Error:
        return Listed((), (Wrong(0, NOT_CSV),))
    if len(cells) > MOST_ROWS:
        return Listed((), (Wrong(0, f"The file has {len(cells):,} rows. Bring in {MOST_ROWS:,} at a time at most."),))
    return _judged(header, cells, today=today, synthetic_allowed=synthetic_allowed)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _separator(text: str) -> str:
    first = text.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","


def _not_a_header(header: list[str]) -> str:
    """What the first row lacks, in words; empty where it is a header."""
    lacking = [] if "family" in header else ["family"]
    if not {"nhs_number", "hospital_number"} & set(header):
        lacking.append("nhs_number or hospital_number")
    twice = {name for name in header if name in COLUMNS and header.count(name) > 1}
    if not lacking and not twice:
        return ""
    wrong = f"twice: {', '.join(sorted(twice))}" if twice else f"not found: {', '.join(lacking)}"
    return f"The first row must name the columns ({wrong}). The columns are: {', '.join(COLUMNS)}."


def _judged(header: list[str], cells: list[tuple[int, list[str]]], *, today: date, synthetic_allowed: bool) -> Listed:
    lines, wrong = list[Line](), list[Wrong]()
    row_of: dict[str, int] = {}
    for number, row in cells:
        said = dict(zip(header, (_NO_LETTER.sub("", cell).strip() for cell in row), strict=False))
        found = _line(number, said, today=today, synthetic_allowed=synthetic_allowed)
        if isinstance(found, Wrong):  # (2)
            wrong.append(found)
            continue
        mine = [f"{kind} {value}" for kind, value in _numbers(found.identity)]
        if earlier := next((row_of[one] for one in mine if one in row_of), None):  # (3)
            wrong.append(Wrong(number, f"Row {earlier} has the same number"))
            continue
        row_of |= dict.fromkeys(mine, number)
        lines.append(found)
    return Listed(tuple(lines), tuple(wrong))


def _numbers(who: Identity) -> list[tuple[str, str]]:
    return [(kind, value) for kind, value in (("nhs", who.nhs_number), ("hospital", who.hospital_number)) if value]


def _line(number: int, said: dict[str, str], *, today: date, synthetic_allowed: bool) -> Line | Wrong:
    nhs, hospital, born = said.get("nhs_number", ""), said.get("hospital_number", ""), said.get("born", "")
    ward = said.get("ward", "").upper()
    day = _day(born)
    if born and day is None:
        return Wrong(number, "The birth date is not understood. Write it as 1970-01-31 or 31/01/1970")
    if len(ward) > LONGEST_WARD:
        return Wrong(number, f"A ward's code has {LONGEST_WARD} letters at most")
    if nhs and numbers.ten_digits(nhs) is None:
        return Wrong(number, "The NHS number does not have ten digits")
    who = Identity(
        family=said.get("family", ""),
        given=said.get("given", ""),
        born=day,
        nhs_number=numbers.ten_digits(nhs),
        hospital_number=(numbers.hospital_number(hospital) or hospital) if hospital else None,
        address=said.get("address", ""),
    )
    found = rules.faults(who, today=today, synthetic_allowed=synthetic_allowed)
    return Wrong(number, ". ".join(fault.says for fault in found)) if found else Line(number, who, ward)


def _day(text: str) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a birth date has no time zone
        except ValueError:
            continue
    return None
