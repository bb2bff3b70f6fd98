"""Refusals of intake."""

from safelight.kernel.errors import Refusal


class AlreadyScanned(Refusal):
    """Another run has recorded what this frame shows."""

    code = "intake.already_scanned"
    says = "This photo has been read already."
    status = 409


class SomebodyWasFirst(Refusal):
    """At least one of the frames is no longer where the page showed it. None of them was touched."""

    code = "intake.somebody_was_first"
    says = "Somebody else has decided about one of these photos in the meantime. Nothing was changed by you: look at the page again."
    status = 409


class NotForYou(Refusal):
    """Who held the camera, photographers and the IG lead sort by hand."""

    code = "intake.not_for_you"
    says = "These photos are sorted by whoever had the camera, by the medical photographer or the IG lead. Ask one of them."
    status = 403


class NotConfirmed(Refusal):
    """Number and birth date were not confirmed beside the photos (E2)."""

    code = "intake.not_confirmed"
    says = "Compare the number and the birth date with the wristband or the notes, then tick that they are right."
    status = 409


class MayBeEvidence(Refusal):
    """Of a safeguarding or forensic sequence every frame is kept (D5)."""

    code = "intake.may_be_evidence"
    says = "These photos may be evidence. None of them is set aside: the medical photographer says whose they are."
    status = 409


class NothingChosen(Refusal):
    """No photo was ticked."""

    code = "intake.nothing_chosen"
    says = "Tick at least one photo."
    status = 409
