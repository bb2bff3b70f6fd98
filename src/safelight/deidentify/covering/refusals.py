"""Why there is no copy of a photograph, in words for a person."""

from enum import StrEnum

from safelight.kernel.errors import Refusal


class Why(StrEnum):
    """A closed list. `says` is for a person: what happened, what is safe, what to do next."""

    NOT_A_PHOTO = "not_a_photo"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    VIDEO = "video"
    DAMAGED = "damaged"
    UNUSUAL = "unusual"
    NO_PICTURE_IN_RAW = "no_picture_in_raw"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_MANY_BOXES = "too_many_boxes"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    STOPPED = "stopped"
    NOT_PROVED = "not_proved"

    @property
    def says(self) -> str:
        return _SAYS[self]


_KEPT = "The record keeps it."
_SAYS = {
    Why.NOT_A_PHOTO: f"This is not a photo of a kind that can be copied. {_KEPT}",
    Why.EMPTY: "This file is empty and cannot be copied.",
    Why.TOO_LARGE: f"This file is larger than a photo from a camera can be, and cannot be copied. {_KEPT}",
    Why.VIDEO: f"A video cannot be covered. {_KEPT}",
    Why.DAMAGED: f"This photo is damaged and cannot be copied. {_KEPT} Take the photo again if you can.",
    Why.UNUSUAL: f"This photo is coded in a way that no browser shows, and cannot be copied. {_KEPT} Set the camera to JPEG.",
    Why.NO_PICTURE_IN_RAW: f"This RAW photo cannot be drawn, so it cannot be copied. {_KEPT} Use the JPEG of the same shot.",
    Why.TOO_MANY_PIXELS: f"This photo claims more than 120 million pixels and cannot be copied. {_KEPT}",
    Why.TOO_MANY_BOXES: "There are more boxes than can be covered. Draw fewer and larger ones.",
    Why.TOO_SLOW: f"This photo took too long to copy. {_KEPT} Ask IT to look at it.",
    Why.TOO_MUCH_MEMORY: f"This photo needs too much memory to copy. {_KEPT} Ask IT to look at it.",
    Why.STOPPED: f"Copying this photo failed and was stopped safely. {_KEPT} Ask IT to look at it.",
    Why.NOT_PROVED: f"The copy of this photo could not be shown to be clean, so there is none. {_KEPT} Ask IT to look at it.",
}


class CannotCover(Refusal):
    """There is no covered copy: the file cannot be decoded, or the copy could not be proved clean. `reason` says which."""

    code = "deidentify.cannot_cover"
    says = "This photo cannot be copied. The record keeps it."
    status = 409

    def __init__(self, reason: Why) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.says = reason.says  # type: ignore[misc]  # the class has words for all, each reason has its own
