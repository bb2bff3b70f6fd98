"""Refusals about who may see whom."""

from uuid import UUID

from safelight.kernel.errors import Refusal


class NoCareRelationship(Refusal):
    """The actor has no reason to see this patient, or not for this. `patient_id` is for the page that asks for one."""

    code = "access.no_care_relationship"
    says = "You do not look after this patient."
    status = 403

    def __init__(self, patient_id: UUID) -> None:
        self.patient_id = patient_id
        super().__init__(patient_id)


class OpenedOnly(Refusal):
    """The record is open by a reason, which lets its reader read."""

    code = "access.opened_only"
    says = "You opened this record by a reason: you can read it, not change who the patient is. Scan the wristband first."
    status = 403


class NotForYou(Refusal):
    """The actor's role does not do this."""

    code = "access.not_for_you"
    says = "Your account is not for this. Ask a clinician, or the information governance lead."
    status = 403


class ProofTooOld(Refusal):
    """Opening a record by a reason needs a factor shown within the last five minutes."""

    code = "access.proof_too_old"
    says = "It is more than five minutes since you showed who you are. Show it once more, then say why."
    status = 403


class ReasonMissing(Refusal):
    """No words were given."""

    code = "access.reason_missing"
    says = "Say in a few words why you need to see this patient. The record was not opened."
    status = 409


class OwnReview(Refusal):
    """Nobody reviews what they opened themselves."""

    code = "access.own_review"
    says = "You opened this record yourself, so somebody else must review it."
    status = 403


class ReviewedAlready(Refusal):
    """Somebody has reviewed it."""

    code = "access.reviewed_already"
    says = "Somebody else has reviewed this already. Nothing was changed."
    status = 409
