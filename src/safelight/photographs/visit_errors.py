"""Refusals of visits and slates."""

from safelight.kernel.errors import Refusal


class WardRouteLocked(Refusal):
    """Safeguarding and forensic photos are the medical photographer's (C9)."""

    code = "photographs.ward_route_locked"
    says = (
        "The medical photographer takes these photos: they may be evidence. Ring the medical photographer on call."
        " Do not take photos yourself. That you asked is recorded."
    )
    status = 403


class NoPhotosAgreed(Refusal):
    """The patient has not agreed to photos, or to photos for this (B1)."""

    code = "photographs.no_photos_agreed"
    says = "The patient has not agreed to these photos, so there is no slate. Care goes on as before."
    status = 409


class NotForTeachingAlone(Refusal):
    """Photos that are wanted for teaching alone need a yes to teaching; nobody gives it for the patient (B4, B7)."""

    code = "photographs.not_for_teaching_alone"
    says = "Photos only for teaching need the patient's own yes to teaching. There is no slate."
    status = 409


class ExemptForCareAlone(Refusal):
    """A recording without a consent of its own belongs to an investigation or treatment and serves nothing else (B10)."""

    code = "photographs.exempt_for_care_alone"
    says = "A recording that needs no separate consent is for this patient's care alone. For anything else ask the patient."
    status = 409


class WhyNotThePhotographer(Refusal):
    """The ward camera is for when no medical photographer is to be had; who uses it says why (A7)."""

    code = "photographs.why_not_the_photographer"
    says = "Say why the medical photographer does not take these photos."
    status = 422


class UnknownReason(Refusal):
    """Every photo has a coded purpose (B15)."""

    code = "photographs.unknown_reason"
    says = "Choose from the list why the photos are needed."
    status = 422


class ChaperoneNotSaid(Refusal):
    """An intimate site asks what was said about a chaperone (C7)."""

    code = "photographs.chaperone_not_said"
    says = "Say whether a chaperone was offered, and what the patient said."
    status = 422


class PurposeNotSaid(Refusal):
    """An intimate photo of a person under 18 says in words why it is needed (F6)."""

    code = "photographs.purpose_not_said"
    says = "Write why this photo is needed for the care of this patient. Under 18 it must be said in words."
    status = 422


class NotInYourHands(Refusal):
    """The camera is not checked out to the actor, or is back."""

    code = "photographs.not_in_your_hands"
    says = "This camera is not checked out to you. Check it out, then make the slate."
    status = 409


class SlateOver(Refusal):
    """The visit makes no slates any more: it is too old, its camera is back, or the patient has taken back the consent."""

    code = "photographs.slate_over"
    says = "There is no slate for this visit any more. A slate is good for 12 hours, while its camera is out. Begin a new visit."
    status = 409
