"""Opinions, notices, and mail with the guests it reaches."""

from safelight.sharing.models.mail import (
    AccreditedDomain,
    AccreditedList,
    ArrivedLetter,
    Guest,
    GuestBrowser,
    GuestCode,
    MailCertificate,
    Placed,
    Posting,
)
from safelight.sharing.models.notices import Channel, Notice, Step
from safelight.sharing.models.opinions import Answer, EmergencyCall, KeptQuestion, Opening, Opinion, Passing, Quick, ShareItem, Urgency

__all__ = [
    "AccreditedDomain",
    "AccreditedList",
    "Answer",
    "ArrivedLetter",
    "Channel",
    "EmergencyCall",
    "Guest",
    "GuestBrowser",
    "GuestCode",
    "KeptQuestion",
    "MailCertificate",
    "Notice",
    "Opening",
    "Opinion",
    "Passing",
    "Placed",
    "Posting",
    "Quick",
    "ShareItem",
    "Step",
    "Urgency",
]
