"""Why a file stays on a card, as a code and in words."""

from enum import StrEnum


class Left(StrEnum):
    UNSTABLE = "unstable"
    UNREADABLE = "unreadable"
    CHANGED = "changed"
    NOT_A_PHOTO = "not_a_photo"
    TOO_LARGE = "too_large"
    REFUSED = "refused"
    NOT_ON_RECEIPT = "not_on_receipt"
    HELD = "held"
    WRITE_PROTECTED = "write_protected"
    NOT_PROVED = "not_proved"
    UNKNOWN_FILE = "unknown_file"
    CARD_OUT = "card_out"
    EMPTIED = "emptied"
    COPIED = "copied"
    DELETED = "deleted"


SAYS: dict[Left, str] = {
    Left.UNSTABLE: "The card gave different bytes each time it was read. The photo stays on the card: have the card looked at.",
    Left.UNREADABLE: "The card could not be read here. The photo stays on the card: have the card looked at.",
    Left.CHANGED: "The file changed while it was read. It stays on the card: put the card in again.",
    Left.NOT_A_PHOTO: "The file is named like a photo and is none. It stays on the card.",
    Left.TOO_LARGE: "The file is larger than Safelight takes. It stays on the card.",
    Left.REFUSED: "Safelight could not take this file. It stays on the card.",
    Left.NOT_ON_RECEIPT: "Safelight has not confirmed this photo. It stays on the card.",
    Left.HELD: "These photos may be evidence. The card stays as it is until a named person releases it.",
    Left.WRITE_PROTECTED: "The card's lock is on, so it could not be wiped. Slide the lock off and put the card in again.",
    Left.NOT_PROVED: "The photo is safe, but the card could not be proved empty. Do not use this card again.",
    Left.UNKNOWN_FILE: "This file is no photo and not one of the camera's own. Somebody must look before it is erased.",
    Left.EMPTIED: "The photo is safe and was deleted from the card, not wiped. Wipe the card at a station before the next patient.",
    Left.COPIED: "The photo is safe and still on the card. Wipe the card at a station before the next patient.",
    Left.DELETED: "The photo is safe. The camera says that it deleted it; that was not proved. Wipe its card at a station.",
    Left.CARD_OUT: "The card came out too early. Nothing is lost: put it in again.",
}
