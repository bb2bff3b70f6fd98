"""Why a file is not kept, or kept and not drawn, in words for a person."""

from enum import StrEnum


class Reason(StrEnum):
    """A closed list. `says` is for a person; `kept` tells whether the file itself may be taken into the record."""

    NOT_A_PHOTO = "not_a_photo"
    NAME_DISAGREES = "name_disagrees"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    DAMAGED = "damaged"
    TOO_SLOW = "too_slow"
    TOO_MUCH_MEMORY = "too_much_memory"
    STOPPED = "stopped"
    NO_PREVIEW_IN_RAW = "no_preview_in_raw"
    VIDEO_NOT_DRAWN = "video_not_drawn"

    @property
    def says(self) -> str:
        """What happened, what is safe, what to do next."""
        return _SAYS[self]

    @property
    def kept(self) -> bool:
        """Whether the file is one of those that are kept, though it cannot be shown."""
        return self not in _LEFT


_LEFT = {Reason.NOT_A_PHOTO, Reason.NAME_DISAGREES, Reason.EMPTY, Reason.TOO_LARGE}

_SAYS = {
    Reason.NOT_A_PHOTO: "This is not a photo or video of a kind that is kept. It stays on the card. Ask IT if you need it.",
    Reason.NAME_DISAGREES: "The ending of this file's name does not fit what is in it. It stays on the card. Ask IT before opening it.",
    Reason.EMPTY: "This file is empty. It stays on the card. Take the photo again if you can.",
    Reason.TOO_LARGE: "This file is larger than a photo from a camera can be. It stays on the card. Ask IT to look at it.",
    Reason.TOO_MANY_PIXELS: "This photo claims more than 120 million pixels and is not shown. The file is unchanged. Ask IT to look at it.",
    Reason.DAMAGED: "This photo is damaged and cannot be shown. The file is unchanged. Take the photo again if you can.",
    Reason.TOO_SLOW: "This photo took too long to draw and is not shown. The file is unchanged. Ask IT to look at it.",
    Reason.TOO_MUCH_MEMORY: "This photo needs too much memory to draw and is not shown. The file is unchanged. Ask IT to look at it.",
    Reason.STOPPED: "Drawing this photo failed and was stopped safely. The file is unchanged. Ask IT to look at it.",
    Reason.NO_PREVIEW_IN_RAW: "This RAW photo holds no picture that can be shown. The file is unchanged. Use the JPEG of the same shot.",
    Reason.VIDEO_NOT_DRAWN: "Videos are kept but cannot be shown here yet. The file is unchanged.",
}
