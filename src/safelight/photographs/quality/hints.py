"""What may be wrong with a photo, as a closed list, and how a person is told. Advice: no photo is refused or held back for it (C5)."""

from enum import StrEnum


class Hint(StrEnum):
    """One thing that may make a photo less useful. `says` goes on after "Photo 3"."""

    FOCUS = "focus"
    DARK = "dark"
    BRIGHT = "bright"
    GLARE = "glare"
    NO_SCALE = "no_scale"

    @property
    def says(self) -> str:
        return _SAYS[self]


_SAYS = {
    Hint.FOCUS: "may be out of focus",
    Hint.DARK: "may be too dark",
    Hint.BRIGHT: "may be too bright",
    Hint.GLARE: "may have glare on it",
    Hint.NO_SCALE: "shows no ruler",
}

# A photo without a ruler is as good as another: what matters is whether one photo of its visit has one.
WORTH_TAKING_AGAIN = (Hint.FOCUS, Hint.DARK, Hint.BRIGHT, Hint.GLARE)


def known(codes: object) -> tuple[Hint, ...]:
    """The hints that a row holds, in the order of the list. What an older or newer version wrote and nobody knows is left out."""
    said = {code for code in codes if isinstance(code, str)} if isinstance(codes, (list, tuple)) else set()
    return tuple(hint for hint in Hint if hint in said)


def in_words(hints: tuple[Hint, ...]) -> str:
    """What is worth taking a photo again for, in one clause: "may be out of focus and may be too dark"."""
    said = [hint.says for hint in WORTH_TAKING_AGAIN if hint in hints]
    return " and ".join(part for part in (", ".join(said[:-1]), *said[-1:]) if part)
