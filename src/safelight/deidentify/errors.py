"""Refusals of covered copies."""

from datetime import datetime
from uuid import UUID

from safelight.kernel.errors import Refusal


def refusal(code: str) -> type[Refusal]:
    """The refusal that a code of `coverable` stands for."""
    return {error.code: error for error in (SlateFrame, VideoNotCovered, CoverTheJpeg, PhotographersEvidence)}[code]


class StillUndecided(Refusal):
    """Of some findings nobody has said whether they are covered or shown. `photograph` is where, `numbers` which."""

    code = "deidentify.still_undecided"
    says = "Some areas are still to decide. Nothing was saved as ready: say of each area whether to cover or to show it."
    status = 409

    def __init__(self, photograph: UUID, numbers: tuple[int, ...]) -> None:
        self.photograph, self.numbers = photograph, numbers
        super().__init__(photograph, *numbers)


class StillLooking(Refusal):
    """The computer is looking at a photo and has not come to its end."""

    code = "deidentify.still_looking"
    says = "The computer is still looking at this photo. What you did is kept: try again in a few seconds."
    status = 409


class NotSigned(Refusal):
    """Not every statement of the checklist was signed, or the short list is not allowed here."""

    code = "deidentify.not_signed"
    says = "Tick each line when you have looked for it. Your boxes are kept."
    status = 409


class NotOpened(Refusal):
    """The person who signs has not opened every photo of the set as it is now."""

    code = "deidentify.not_opened"
    says = "Open each photo of the set once before you sign for it. Your boxes are kept."
    status = 409


class ChangedMeanwhile(Refusal):
    """Somebody else has changed the boxes since the page was opened. `by` and `at` say who and when."""

    code = "deidentify.changed_meanwhile"
    says = "Somebody else changed this photo's boxes in the meantime. Nothing of theirs was lost. Look again."
    status = 409

    def __init__(self, by: UUID, at: datetime) -> None:
        self.by, self.at = by, at
        super().__init__(by)


class NotThisPhoto(Refusal):
    """A covered copy was made of another photo, patient or file than it is for, or of other boxes."""

    code = "deidentify.not_this_photo"
    says = "The photo changed while its copy was made. Nothing was saved as ready: try again."
    status = 409


class OnePatientAtATime(Refusal):
    """A set is of one patient."""

    code = "deidentify.one_patient_at_a_time"
    says = "These photos are of more than one patient. Cover those of one patient at a time."
    status = 409


class SlateFrame(Refusal):
    """A photo that shows a slate has no covered copy (F5)."""

    code = "deidentify.slate_frame"
    says = "This photo shows a slate. A slate is never shared: the record keeps it."
    status = 409


class VideoNotCovered(Refusal):
    """A video has no covered copy: nothing finds or burns out what moves."""

    code = "deidentify.video_not_covered"
    says = "A video cannot be covered: faces and names move from frame to frame, and nobody could check each one. The record keeps it."
    status = 409


class CoverTheJpeg(Refusal):
    """A RAW file that stands behind a JPEG of the same shot is covered in the JPEG."""

    code = "deidentify.cover_the_jpeg"
    says = "This is the camera's RAW file. Cover the photo that belongs to it."
    status = 409


class PhotographersEvidence(Refusal):
    """A safeguarding or forensic sequence is covered by the medical photographer alone (C9, D5)."""

    code = "deidentify.photographers_evidence"
    says = "These photos may be evidence. The medical photographer covers and shares them. Ring the medical photographer on call."
    status = 403


class SeniorSignOffOwed(Refusal):
    """An intimate picture of somebody under 18 needs the sign-off of a second, senior person (F6)."""

    code = "deidentify.senior_sign_off_owed"
    says = "This photo is intimate and of somebody under 18. A senior colleague must sign it off before it can be shown to anybody."
    status = 409

    def __init__(self, photograph: UUID) -> None:
        self.photograph = photograph
        super().__init__(photograph)


class NotSenior(Refusal):
    """Only a senior clinician signs an intimate picture of somebody under 18 off."""

    code = "deidentify.not_senior"
    says = "Only a senior clinician signs this off. Ask one: your boxes are kept."
    status = 403


class NotOwed(Refusal):
    """The photo needs no senior sign-off."""

    code = "deidentify.not_owed"
    says = "This photo needs no sign-off by a senior colleague."
    status = 409


class SayWhy(Refusal):
    """A reason in words is needed."""

    code = "deidentify.say_why"
    says = "Say in a few words why. Nothing was changed."
    status = 409


class NoCopyStands(Refusal):
    """There is no covered copy of this photo that may be shown, or not any more."""

    code = "deidentify.no_copy_stands"
    says = "This photo has no covered copy that may be shown. Cover it first."
    status = 409


class TooManyBoxes(Refusal):
    """More boxes came than a photo can have."""

    code = "deidentify.too_many_boxes"
    says = "These are more boxes than a photo can have. Use larger ones."
    status = 422


class NotedAlready(Refusal):
    """An earlier run has noted what the computer saw."""

    code = "deidentify.noted_already"
    says = "The computer has looked at this photo already."
    status = 409


class LookedAtAnother(Refusal):
    """The photo was moved, or its file replaced, while the computer looked."""

    code = "deidentify.looked_at_another"
    says = "The photo changed while the computer looked at it. It looks again."
    status = 409
