"""Refusals of the record."""

from safelight.kernel.errors import Refusal, Unavailable


class NoConsent(Refusal):
    """No consent to take photos stands that is older than the photo (B1)."""

    code = "photographs.no_consent"
    says = "There is no consent to this photo from before it was taken. It waits in the tray: nothing is lost."
    status = 409


class AlreadyFiled(Refusal):
    """The frame is in a record already, or somebody else has just filed it."""

    code = "photographs.already_filed"
    says = "Somebody else has filed this photo. It is in the record once. Look at the page again."
    status = 409


class NotSafeYet(Refusal):
    """The stored copy of the frame has not been read back whole."""

    code = "photographs.not_safe_yet"
    says = "This photo is still being checked. Nothing is lost: try again in a minute."
    status = 409


class OtherHolder(Refusal):
    """The keys were prepared for another record than the one that the photo goes to, or not for all of its objects."""

    code = "photographs.other_holder"
    says = "The patient's record changed in the meantime. Nothing was filed: try again."
    status = 409


class EvidenceRoute(Refusal):
    """A safeguarding or forensic sequence goes through the medical photographer (C9, D5)."""

    code = "photographs.evidence_route"
    says = "These photos may be evidence. The medical photographer files and changes them."
    status = 403


class RecordCopyStays(Refusal):
    """Only the photographer and the IG lead let a record copy leave."""

    code = "photographs.record_copy_stays"
    says = "The camera's own file leaves only through the medical photographer or the IG lead. Ask one of them."
    status = 403


class IntimateStays(RecordCopyStays):
    """An intimate picture of somebody under 18 leaves through the IG lead or a senior photographer alone (F6)."""

    code = "photographs.intimate_stays"
    says = "This photo is intimate and of somebody under 18. Its file leaves only through the IG lead or a senior medical photographer."


class UnknownSite(Refusal):
    """The body site is not on the list, or has no such side."""

    code = "photographs.unknown_site"
    says = "Choose the body site and the side from the list."
    status = 422


class UnknownView(Refusal):
    """The view, or the reason for photos, is not on the list."""

    code = "photographs.unknown_view"
    says = "Choose from the list. Nothing was changed."
    status = 422


class ViewSetsAreKept(Refusal):
    """Which views are wanted is said by the medical photographers and the administrators."""

    code = "photographs.view_sets_are_kept"
    says = "The medical photographers and the administrators say which views are wanted. Ask one of them."
    status = 403


class NotDrawn(Refusal):
    """There is no picture of the file in which a ruler could be seen."""

    code = "photographs.not_drawn"
    says = "There is no picture of this file to measure in."
    status = 409


class UnusableRuler(Refusal):
    """The line is outside the photo or too short, or the length is not one of a ruler."""

    code = "photographs.unusable_ruler"
    says = "Draw a longer line along the ruler, and write how long it is: between 1 mm and 2 m."
    status = 422


class ScaleMeanwhile(Refusal):
    """Another scale stands than the one that the person saw."""

    code = "photographs.scale_meanwhile"
    says = "Somebody else has changed the scale of this photo in the meantime. Look at it again."
    status = 409


class NoPhotosChosen(Refusal):
    """Nobody said of which photos."""

    code = "photographs.no_photos_chosen"
    says = "Tick the photos first, then press what they show."
    status = 422


class SamePatient(Refusal):
    """The photo is in this patient's record already."""

    code = "photographs.same_patient"
    says = "This photo is in this patient's record already. Nothing was moved."
    status = 409


class AskFirst(Refusal):
    """The patient to whom a photo would be moved has not agreed to photos."""

    code = "photographs.ask_first"
    says = "This patient has not agreed to photos. Ask and record it first, then move the photo. Nothing was moved."
    status = 409


class MovedInTheMeantime(Refusal):
    """Somebody else has moved the photo, or its keys were changed."""

    code = "photographs.moved_in_the_meantime"
    says = "Somebody else changed this photo in the meantime. Nothing was moved: look at it again."
    status = 409


class FromElsewhere(Refusal):
    """Another site asks for the bytes of a photo."""

    code = "photographs.from_elsewhere"
    says = "Photos are shown on Safelight's own pages only."
    status = 403


class ChangedMeanwhile(Unavailable):
    """The keys were prepared for a record that the photo has left since. Preparing them again is right."""

    code = "photographs.changed_meanwhile"
