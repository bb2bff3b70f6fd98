"""Covered copies: what was found in a photo, what a person said of it, and the copy that may be shown to others."""

from safelight.deidentify.models.copies import Approval, Checklist, CoveredCopy, How, Recall, SecondLook, Signing, SignOff
from safelight.deidentify.models.findings import Decision, DeskPermit, Finding, Look, Match, SetAside, Source

__all__ = [
    "Approval",
    "Checklist",
    "CoveredCopy",
    "Decision",
    "DeskPermit",
    "Finding",
    "How",
    "Look",
    "Match",
    "Recall",
    "SecondLook",
    "SetAside",
    "SignOff",
    "Signing",
    "Source",
]
