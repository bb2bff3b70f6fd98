"""What a scanner or a person typed into the scan box. Pure.

1. A scanner's own prefix (`]C1`, `]d2`, `]d1`: ISO/IEC 15424) is taken off, and spaces around.
2. Ten bare digits come first: an old band holds nothing else, and a GS1 parser takes 7 % of NHS numbers for GS1 (400… is AI 400).
3. A slate says so itself.
4. GS1: AI 8018 holds the company prefix, the NHS number and a check digit (DCB1077); AI 91 a hospital's own number; a GTIN is a product.
5. Anything else is a name, or a code that may be a hospital number, a camera, a card or the short code of a slate.
6. It counts as scanned only where a band is certain: AI 8018, or a scanner's prefix of a symbol that bands carry. Typed digits do not.

Nothing here says that the patient exists, nor that it is the right one: a directory and a person do (E2).
The inside of AI 91 is taken as it is; AI 92 and 93 (names, birth) are left aside.
"""

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

import biip
from biip.checksums import gs1_standard_check_digit
from biip.gs1_messages import GS1Message

from safelight.patients.numbers import Verdict, judge, ten_digits


class Reading(StrEnum):
    """What the text is. `says` is for a person, empty where there is nothing to say."""

    NHS_NUMBER = "nhs_number"
    HOSPITAL_NUMBER = "hospital_number"
    SLATE = "slate"
    CODE = "code"
    NAME = "name"
    TEST_NUMBER = "test_number"
    OTHER_HEALTH_NUMBER = "other_health_number"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    MISREAD = "misread"
    OTHER_ORGANISATION = "other_organisation"
    DRUG_LABEL = "drug_label"
    OTHER_LABEL = "other_label"
    NOTHING = "nothing"

    @property
    def says(self) -> str:
        """What was read, what to do next."""
        return _SAYS.get(self, "")


_SAYS = {
    Reading.TEST_NUMBER: "This is a test number, not a patient's. Check the wristband.",
    Reading.OTHER_HEALTH_NUMBER: "This is not an NHS number of England or Wales. Search by name or hospital number.",
    Reading.WRONG_CHECK_DIGIT: "This is not an NHS number: a digit is wrong. Check the wristband, or search by name.",
    Reading.MISREAD: "The wristband was not read correctly. Scan it again.",
    Reading.OTHER_ORGANISATION: "This code was made by another organisation. Scan the patient's wristband.",
    Reading.DRUG_LABEL: "This is a drug label or that of another product. Scan the patient's wristband.",
    Reading.OTHER_LABEL: "This is a label, but not of a patient. Scan the patient's wristband.",
    Reading.NOTHING: "Nothing was read. Scan again, or type a number or a surname.",
}


@dataclass(frozen=True)
class Scan:
    """What was read. The numbers and words name a patient: they are not in `repr`.

    `nhs_number` has ten digits and passed Modulus 11. `hospital_number` and `code` are candidates as read, capitals; `slate` is
    a slate's text or its short code, not yet checked; `name` what may be a surname. `scanned`: a scanner was held to a band for certain.
    """

    reading: Reading
    nhs_number: str | None = field(default=None, repr=False)
    hospital_number: str | None = field(default=None, repr=False)
    code: str | None = field(default=None, repr=False)
    slate: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    scanned: bool = False


_LONGEST = 200
_SEPARATOR = "\x1d"  # FNC1; scanners that type often swallow it
_SCANNERS_PREFIX = re.compile(r"\][A-Za-z][0-9A-Fa-f]")
_GS1 = frozenset({"]C1", "]d2", "]Q3", "]e0"})
_BANDS = frozenset({"]C0", "]C1", "]d2"})  # Code 128 with and without GS1, GS1 DataMatrix
_SLATE = re.compile(r"SFL1-[0-9A-Z-]+", re.ASCII | re.IGNORECASE)
_SHORT_CODE = re.compile(r"[0-9A-TV-Z]{5}", re.ASCII)  # Crockford's base32 as a person types it; U never stands there
_CODE = re.compile(r"[0-9A-Z][0-9A-Z/_.-]{0,31}", re.ASCII)
_NAME = re.compile(r"[^\W\d_][^\d_]*")
_GTIN_LENGTHS = (13, 14)
_GSRN_LENGTH, _NHS_NUMBER_LENGTH = 18, 10


def read(text: str, *, company_prefix: str, synthetic_allowed: bool) -> Scan:
    """What was scanned or typed.

    `company_prefix` is the GS1 prefix on wristbands (seven digits); synthetic numbers (900 to 999) are refused unless allowed.
    """
    bare, prefix = _bare(text)  # (1)
    found = _read(bare, company_prefix, synthetic_allowed=synthetic_allowed, surely=prefix in _GS1)
    if prefix in _BANDS and (found.nhs_number or found.hospital_number):  # (6)
        return replace(found, scanned=True)
    return found


def _read(bare: str, company_prefix: str, *, synthetic_allowed: bool, surely: bool) -> Scan:
    if not bare or len(bare) > _LONGEST:
        return Scan(Reading.NOTHING)
    if digits := ten_digits(bare):  # (2)
        return _health_number(digits, synthetic_allowed=synthetic_allowed)
    if _SLATE.fullmatch(bare):  # (3)
        return Scan(Reading.SLATE, slate=bare.upper())
    if bare.startswith("]"):  # half a scanner's prefix, on which the parser stumbles
        return Scan(Reading.MISREAD)
    if label := _label(bare, company_prefix, synthetic_allowed=synthetic_allowed, surely=surely):  # (4)
        return label
    return _typed(bare)  # (5)


def _bare(text: str) -> tuple[str, str]:
    """The text without the scanner's prefix, and that prefix."""
    kept = "".join(letter for letter in text if letter == _SEPARATOR or letter.isprintable()).strip(" " + _SEPARATOR)
    prefix = _SCANNERS_PREFIX.match(kept)
    if not prefix:
        return kept, ""
    return kept[prefix.end() :].strip(" " + _SEPARATOR), prefix[0]


def _health_number(digits: str, *, synthetic_allowed: bool, hospital: str | None = None) -> Scan:
    match judge(digits, synthetic_allowed=synthetic_allowed):
        case Verdict.NHS_NUMBER:
            return Scan(Reading.NHS_NUMBER, nhs_number=digits, hospital_number=hospital)
        case Verdict.TEST_NUMBER:
            return Scan(Reading.TEST_NUMBER)
        case Verdict.WRONG_CHECK_DIGIT:
            # A hospital may number its patients with ten digits of its own.
            return Scan(Reading.WRONG_CHECK_DIGIT, hospital_number=hospital or digits)
        case Verdict.OTHER_NATION:
            return Scan(Reading.OTHER_HEALTH_NUMBER, hospital_number=hospital or digits)


def _label(bare: str, company_prefix: str, *, synthetic_allowed: bool, surely: bool) -> Scan | None:
    """A GS1 label, or None where the text is none."""
    parsed = biip.parse(bare)
    message = parsed.gs1_message
    if message is None:
        product = parsed.gtin is not None and len(bare) in _GTIN_LENGTHS
        return Scan(Reading.DRUG_LABEL) if product else Scan(Reading.MISREAD) if surely else None
    if relation := _value(message, "8018"):
        return _relation(relation, _value(message, "91"), company_prefix, synthetic_allowed=synthetic_allowed)
    if _value(message, "01") or _value(message, "02"):
        return Scan(Reading.DRUG_LABEL)
    if not surely:
        return None  # a hospital number can look like a short GS1 message
    if hospital := _value(message, "91"):
        return Scan(Reading.HOSPITAL_NUMBER, hospital_number=hospital.upper())
    return Scan(Reading.OTHER_LABEL)


def _relation(relation: str, hospital: str | None, company_prefix: str, *, synthetic_allowed: bool) -> Scan:
    """A GSRN: company prefix, NHS number, check digit (GS1 General Specifications 2.3.2; DCB1077)."""
    if len(relation) != _GSRN_LENGTH or str(gs1_standard_check_digit(relation[:-1])) != relation[-1]:
        return Scan(Reading.MISREAD)
    number = relation.removeprefix(company_prefix)[:-1]
    if not relation.startswith(company_prefix) or len(number) != _NHS_NUMBER_LENGTH:
        return Scan(Reading.OTHER_ORGANISATION)
    found = _health_number(number, synthetic_allowed=synthetic_allowed, hospital=hospital.upper() if hospital else None)
    return replace(found, scanned=found.reading is not Reading.TEST_NUMBER)  # (6)


def _value(message: GS1Message, identifier: str) -> str | None:
    found = message.element_strings.filter(ai=identifier)
    return found[0].value if found else None


def _typed(bare: str) -> Scan:
    capitals = bare.upper()
    short = capitals if _SHORT_CODE.fullmatch(capitals) else None
    if _NAME.fullmatch(bare):
        return Scan(Reading.NAME, name=bare, slate=short, code=capitals if _CODE.fullmatch(capitals) else None)
    if _CODE.fullmatch(capitals):
        return Scan(Reading.CODE, hospital_number=capitals, code=capitals, slate=short)
    return Scan(Reading.OTHER_LABEL)
