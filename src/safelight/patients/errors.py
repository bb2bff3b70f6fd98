"""Refusals about patients."""

from collections.abc import Iterable

from safelight.kernel.errors import Refusal
from safelight.patients.rules import Fault


class NotForYou(Refusal):
    """The actor's role does not find, add or change patients."""

    code = "patients.not_for_you"
    says = "Your account is not for this. Ask a clinician or the medical photographer."
    status = 403


class NotAnIdentity(Refusal):
    """The identity breaks a rule: each fault says which."""

    code = "patients.not_an_identity"
    says = "Something about the patient is not right. Nothing was saved. Check name, birth date and numbers."
    status = 409

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(*(fault.value for fault in self.faults))


class NumberTaken(Refusal):
    """Another patient has this number; two patients never share one."""

    code = "patients.number_taken"
    says = "Another patient has this number already. Nothing was saved. Find that patient by the number first."
    status = 409


class ChangedMeanwhile(Refusal):
    """Somebody else changed this patient after the form was opened."""

    code = "patients.changed_meanwhile"
    says = "Somebody else changed this patient just now. Nothing was saved. Load the page again and look."
    status = 409


class SamePatient(Refusal):
    """Both are one patient already."""

    code = "patients.same_patient"
    says = "These are the same patient already."
    status = 409


class NotMerged(Refusal):
    """The patient is not merged, or was merged further meanwhile."""

    code = "patients.not_merged"
    says = "This patient is not merged with another. Nothing was changed."
    status = 409


class OtherWayRound(Refusal):
    """The entry with the NHS number would end in the one without."""

    code = "patients.other_way_round"
    says = "The entry with the NHS number must be the one that goes on. Begin at the other patient."
    status = 409
