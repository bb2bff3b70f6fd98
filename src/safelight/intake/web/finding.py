"""Whose photos they may be, by what a person scans or types. A directory that knows the hospital's patients answers."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from safelight.patients import wristband
from safelight.patients.chosen import directory


@dataclass(frozen=True, slots=True)
class Found:
    """The patients that were found, none of them named; `scanned` tells that a wristband was held to a scanner."""

    patients: tuple[UUID, ...]
    says: str
    scanned: bool


def found_by(text: str) -> Found:
    """The patients with this number or surname. Asks the directory: never inside an action."""
    read = wristband.read(text, company_prefix=settings.SAFELIGHT_GSRN_PREFIX, synthetic_allowed=settings.SAFELIGHT_ALLOW_SYNTHETIC_NUMBERS)
    numbers = [number for number in (read.nhs_number, read.hospital_number, read.code) if number]
    for number in numbers:
        patient = directory().find(number)
        if patient is not None:
            return Found((patient,), "", scanned=read.scanned)
    named = directory().search(read.name, None) if read.name else []
    return Found(tuple(named), read.reading.says, scanned=False)
