"""Why a frame waits in the tray, and what a person can do about it. A closed list."""

from enum import StrEnum
from typing import NamedTuple


class _Words(NamedTuple):
    why: str
    todo: str


class Why(StrEnum):
    """The reason that is stored beside a frame in the tray. `says` tells why, `todo` what to do next."""

    NO_SLATE = "no_slate"
    SLATE_MAY_BE_MISSING = "slate_may_be_missing"
    AFTER_A_GAP = "after_a_gap"
    OLD_SLATE = "old_slate"
    ANOTHER_CAMERAS_SLATE = "another_cameras_slate"
    UNKNOWN_SLATE = "unknown_slate"
    UNREAD_SLATE = "unread_slate"
    TWO_SLATES = "two_slates"
    NO_CONSENT = "no_consent"
    UNKNOWN_CAMERA = "unknown_camera"
    PHONE = "phone"
    NO_CAMERA_NOTE = "no_camera_note"
    NOT_SIGNED_OUT = "not_signed_out"
    MIXED_CAMERAS = "mixed_cameras"
    ORDER_UNCLEAR = "order_unclear"
    CLOCK_WRONG = "clock_wrong"
    UNREADABLE = "unreadable"
    AFTER_UNREADABLE = "after_unreadable"
    FRAME_NOT_HERE = "frame_not_here"
    CARD_GIVEN_UP = "card_given_up"
    NOT_ACCEPTED = "not_accepted"

    def says(self, photos: int) -> str:
        """Why so many photos were not filed by themselves."""
        return _of(photos, _SAYS[self].why)

    def todo(self, photos: int) -> str:
        """What a person looks at before deciding."""
        return _of(photos, _SAYS[self].todo)


_OF_ONE = (
    ("These photos are", "This photo is"),
    ("These photos do", "This photo does"),
    ("these photos", "this photo"),
    ("Look at the photos", "Look at the photo"),
    ("whose they are", "whose it is"),
    ("whether they show", "whether it shows"),
    ("took them", "took it"),
    ("They may be copies", "It may be a copy"),
    ("when they were taken", "when it was taken"),
    ("when these were taken", "when it was taken"),
    ("before these", "before it"),
)


def _of(photos: int, words: str) -> str:
    """The words of several photos as they are said of one."""
    for several, one in _OF_ONE if photos == 1 else ():
        words = words.replace(several, one)
    return words


_LOOK = "Look at the photos and say whose they are."
_SAYS = {
    Why.NO_SLATE: _Words("There is no slate before these photos.", _LOOK),
    Why.SLATE_MAY_BE_MISSING: _Words(
        "A slate may be missing. One was made while the camera was out, and it is on no photo of this card.",
        "Look who was photographed from then on. Compare the time with the visits of that day.",
    ),
    Why.AFTER_A_GAP: _Words(
        "Three minutes or more lie between these photos and the one before, and there is no new slate.",
        "Look whether they show the same patient.",
    ),
    Why.OLD_SLATE: _Words(
        "The slate before these photos is an old one. A slate is good for 12 hours, while its camera is out.",
        "Say whose they are. Make a new slate next time.",
    ),
    Why.ANOTHER_CAMERAS_SLATE: _Words("The slate before these photos was made for another camera.", _LOOK),
    Why.UNKNOWN_SLATE: _Words("The slate before these photos was not made here.", "Say whose they are, and tell the IG lead."),
    Why.UNREAD_SLATE: _Words(
        "A slate was seen and could not be read.", "Look at the photo with the slate. Type its short code into the box on Home to find it."
    ),
    Why.TWO_SLATES: _Words("Two different slates are in one photo.", _LOOK),
    Why.NO_CONSENT: _Words(
        "The patient has not agreed to photos, or has changed their mind.",
        "Ask the patient. Record what they say, then file or set aside.",
    ),
    Why.UNKNOWN_CAMERA: _Words(
        "These photos are from a camera that is not on the register.",
        "Ask who took them. A camera is put on the register under Cameras.",
    ),
    Why.PHONE: _Words("These photos are from a phone or tablet.", "Ask who took them. Patients are photographed with the ward's camera."),
    Why.NO_CAMERA_NOTE: _Words(
        "These photos do not say which camera or when they were taken.",
        "Ask who took them. They may be copies.",
    ),
    Why.NOT_SIGNED_OUT: _Words("Nobody had signed the camera out when these were taken.", "Ask who took them."),
    Why.MIXED_CAMERAS: _Words("Photos from more than one camera are mixed on this card.", _LOOK),
    Why.ORDER_UNCLEAR: _Words("The order of these photos is not clear: the camera's clock and the numbers of the photos disagree.", _LOOK),
    Why.CLOCK_WRONG: _Words("The camera's clock does not fit the time it was out.", "Say whose they are. Then set the camera's clock."),
    Why.UNREADABLE: _Words("This photo cannot be shown. It may be a slate.", "It is kept unchanged. Say whose it is, or ask IT."),
    Why.AFTER_UNREADABLE: _Words("A photo before these cannot be shown, and it may be a slate.", _LOOK),
    Why.FRAME_NOT_HERE: _Words(
        "A photo before these could not be read from the card, and it may be a slate.", "Put the card in again if you can. Else look."
    ),
    Why.CARD_GIVEN_UP: _Words(
        "The card came out before it was read to its end, and was not put in again. What lay between these photos is not known.",
        "Look at each photo by itself, and say whose it is.",
    ),
    Why.NOT_ACCEPTED: _Words("The record did not take these photos.", "Say whose they are. The record then tells what is missing."),
}


class NotAPatient(StrEnum):
    """Why a photo is set aside: it shows no patient. A closed list; the photo is kept, encrypted, and can be put back."""

    TEST_SHOT = "test_shot"
    NOBODY = "nobody"
    THING = "thing"
    SLATE = "slate"
    STAFF = "staff"

    @property
    def says(self) -> str:
        """What the photo shows instead."""
        return _SHOWS[self]


_SHOWS = {
    NotAPatient.TEST_SHOT: "A test shot",
    NotAPatient.NOBODY: "Nobody: the floor, a pocket, all black",
    NotAPatient.THING: "A thing or a document",
    NotAPatient.SLATE: "A slate",
    NotAPatient.STAFF: "Staff, not a patient",
}
