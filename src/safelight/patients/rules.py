"""What makes an identity, and who finds, adds and changes patients. Pure."""

from datetime import date
from enum import StrEnum

from safelight.kernel.actor import Actor, ActorKind, Role
from safelight.patients.identity import Identity
from safelight.patients.numbers import Verdict, hospital_number, judge

LONGEST_NAME, LONGEST_ADDRESS, LONGEST_WARD = 80, 200, 16
FIRST_BIRTH = date(1890, 1, 1)


class Fault(StrEnum):
    """What is wrong with an identity. `says` is for a person; `field` names the box on the form."""

    NO_FAMILY_NAME = "no_family_name"
    TOO_LONG = "too_long"
    BORN_LATER = "born_later"
    BORN_TOO_LONG_AGO = "born_too_long_ago"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    TEST_NUMBER = "test_number"
    OTHER_NATION = "other_nation"
    NOT_A_HOSPITAL_NUMBER = "not_a_hospital_number"
    NO_NUMBER = "no_number"

    @property
    def says(self) -> str:
        return _SAYS[self][1]

    @property
    def field(self) -> str:
        return _SAYS[self][0]


_SAYS = {
    Fault.NO_FAMILY_NAME: ("family", "Enter the family name"),
    Fault.TOO_LONG: ("family", f"Names have {LONGEST_NAME} letters at most, an address {LONGEST_ADDRESS}"),
    Fault.BORN_LATER: ("born", "The birth date lies in the future"),
    Fault.BORN_TOO_LONG_AGO: ("born", f"The birth date lies before {FIRST_BIRTH.year}"),
    Fault.WRONG_CHECK_DIGIT: ("nhs_number", "This is not an NHS number: a digit is wrong"),
    Fault.TEST_NUMBER: ("nhs_number", "This is a test number, not a patient's"),
    Fault.OTHER_NATION: ("nhs_number", "This is not an NHS number of England or Wales. Enter it as hospital number"),
    Fault.NOT_A_HOSPITAL_NUMBER: ("hospital_number", "A hospital number has 32 letters, digits, dots or dashes at most"),
    Fault.NO_NUMBER: ("nhs_number", "Enter an NHS number or a hospital number, or say that the patient is not known yet"),
}
_OF_NUMBERS = {
    Verdict.WRONG_CHECK_DIGIT: Fault.WRONG_CHECK_DIGIT,
    Verdict.TEST_NUMBER: Fault.TEST_NUMBER,
    Verdict.OTHER_NATION: Fault.OTHER_NATION,
}


def faults(identity: Identity, *, today: date, synthetic_allowed: bool) -> list[Fault]:
    """Everything that is wrong with an identity, in the order of the form."""
    found = []
    if not identity.family.strip():
        found.append(Fault.NO_FAMILY_NAME)
    if max(len(identity.family), len(identity.given)) > LONGEST_NAME or len(identity.address) > LONGEST_ADDRESS:
        found.append(Fault.TOO_LONG)
    if identity.born and identity.born > today:
        found.append(Fault.BORN_LATER)
    if identity.born and identity.born < FIRST_BIRTH:
        found.append(Fault.BORN_TOO_LONG_AGO)
    if identity.nhs_number is not None:
        verdict = judge(identity.nhs_number, synthetic_allowed=synthetic_allowed)
        found += [_OF_NUMBERS[verdict]] if verdict in _OF_NUMBERS else []
    if identity.hospital_number is not None and hospital_number(identity.hospital_number) != identity.hospital_number:
        found.append(Fault.NOT_A_HOSPITAL_NUMBER)
    if identity.nhs_number is None and identity.hospital_number is None:
        found.append(Fault.NO_NUMBER)
    return found


def knows_of_patients(actor: Actor) -> bool:
    """Whether the actor may learn anything of patients at all. A station and a stranger may not."""
    return actor.kind in {ActorKind.STAFF, ActorKind.WORKER, ActorKind.OPERATOR}


def finds_patients(actor: Actor) -> bool:
    """Whether the actor searches for patients: those who photograph and treat. An administrator or IG lead as such does not."""
    return actor.kind is ActorKind.STAFF and actor.has(Role.CLINICIAN, Role.PHOTOGRAPHER)


def adds_patients(actor: Actor) -> bool:
    """Whether the actor adds patients one by one: administrators too, who see nobody by it."""
    return _is_the_computer(actor) or (actor.kind is ActorKind.STAFF and actor.has(Role.CLINICIAN, Role.PHOTOGRAPHER, Role.ADMINISTRATOR))


def brings_in_lists(actor: Actor) -> bool:
    """Whether the actor brings in lists, which move patients between wards."""
    return _is_the_computer(actor) or (actor.kind is ActorKind.STAFF and actor.has(Role.ADMINISTRATOR))


def _is_the_computer(actor: Actor) -> bool:
    return actor.kind in {ActorKind.WORKER, ActorKind.OPERATOR}
