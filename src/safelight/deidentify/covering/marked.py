"""Pictures to be shown: fresh JPEGs from the pixels of a covered copy. No path leads here from a record copy."""

from safelight.deidentify.covering import asking
from safelight.deidentify.covering.framing import LONGEST_WORDS, Request, Task
from safelight.photographs.pictures.kinds import Kind


def marked(jpeg: bytes, words: str, *, longest: int = 2048) -> bytes:
    """The picture with these words burned in: in a corner, and faintly across, but not over the middle.

    `words` are who looks and when, up to 200 letters. Those with accents are drawn, other alphabets stand as question marks.
    Raises CannotCover and Unavailable.
    """
    return _made(jpeg, words, longest)


def plain(jpeg: bytes, *, longest: int = 2048) -> bytes:
    """The same without words, for whoever makes the copy. Raises CannotCover and Unavailable."""
    return _made(jpeg, "", longest)


def _made(jpeg: bytes, words: str, longest: int) -> bytes:
    asked = Request(task=Task.MARK, length=len(jpeg), kind=Kind.JPEG, words=words[:LONGEST_WORDS], longest=longest)
    return asking.coverers().copy(jpeg, asked)[1]
