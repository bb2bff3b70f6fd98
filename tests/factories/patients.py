"""Patients, registered by the real action. All are invented; their NHS numbers are of the 999 range.

`make_patient()` is Test SAMPLE of BURNS2 with the number 9990000018; `make_patients(3)` are others, each with numbers of their own.
"""

from datetime import date
from uuid import uuid4

from django.utils import timezone

from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR
from safelight.patients.actions.register_patient import register_patient
from safelight.patients.identity import Identity
from safelight.patients.models import Patient, Source
from safelight.patients.sealing import seal
from safelight.vault import upkeep

NAMES = [("EXAMPLE", "Ada"), ("INVENTED", "Ben"), ("MODEL", "Cara"), ("NOBODY", "Dan"), ("PATTERN", "Eve"), ("SPECIMEN", "Finn")]


def synthetic_number(order: int) -> str:
    """The NHS number of the 999 range that stands at this place, from 1 on."""
    for front in range(999_000_000 + order * 2, 999_999_999):
        check = 11 - sum(int(digit) * weight for digit, weight in zip(str(front), range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return f"{front}{0 if check == 11 else check}"
    raise ValueError(order)


def an_identity(
    family: str = "SAMPLE",
    given: str = "Test",
    nhs_number: str | None = "9990000018",
    hospital_number: str | None = "0000018",
    born: date | None = date(1970, 1, 1),
    address: str = "1 Lamp Street, Testville",
) -> Identity:
    """Who somebody is. Both numbers may be given as None, one at a time."""
    return Identity(family=family, given=given, born=born, nhs_number=nhs_number, hospital_number=hospital_number, address=address)


def make_patient(
    family: str = "SAMPLE",
    given: str = "Test",
    nhs_number: str | None = "9990000018",
    hospital_number: str | None = "0000018",
    born: date | None = date(1970, 1, 1),
    ward: str = "BURNS2",
    *,
    address: str = "1 Lamp Street, Testville",
    temporary: bool = False,
    confirmed: bool = True,
) -> Patient:
    """A patient on a ward, as from the hospital's list. Two calls need two numbers: give them, or use `make_patients`."""
    upkeep.make_keys()
    who = an_identity(family, given, nhs_number, hospital_number, born, address)
    sealed = seal(who, patient_id=uuid4(), today=timezone.localdate())
    source = Source.LIST if confirmed else Source.FORM
    return register_patient(by=OPERATOR, sealed=sealed, ward=ward, temporary=temporary, source=source, now=clock.now())


def make_patients(count: int, ward: str = "BURNS2") -> list[Patient]:
    """Different patients on one ward, none of them SAMPLE, Test."""
    began = Patient.objects.count()
    made = []
    for order in range(began + 1, began + count + 1):
        family, given = NAMES[order % len(NAMES)]
        hospital = f"{1000 + order:07}"
        made.append(make_patient(family, given, synthetic_number(100 + order), hospital, date(1950 + order % 50, 3, 1 + order % 28), ward))
    return made
