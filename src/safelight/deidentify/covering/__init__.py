"""Covered copies: the boxes are black, and no byte says more than the picture. Everything that decodes runs behind walls.

Covering and cleaning are one operation: a copy is written from an allow-list, then parsed afresh and proved, or there is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from safelight.deidentify.boxes import Box
from safelight.deidentify.covering import asking
from safelight.deidentify.covering.framing import LONGEST, MOST_BOXES, How, Request, Task
from safelight.deidentify.covering.refusals import CannotCover, Why
from safelight.photographs.pictures.kinds import Kind

__all__ = ["LARGEST", "CannotCover", "Carried", "Covered", "How", "Why", "carried", "cover"]

LARGEST = LONGEST[1]
"""The most bytes that a covered copy may have: it can be larger than the file it was made of, as one of a RAW file is."""


@dataclass(frozen=True)
class Covered:
    """A finished copy. `width`, `height` and `boxes` are of the picture as it is seen; a box may have grown to whole blocks."""

    data: bytes
    media_type: str
    width: int
    height: int
    how: How
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Carried:
    """One thing that a file said beside its picture: identity, like what it is about. Another's words, never to be followed."""

    name: str
    value: str


def cover(data: bytes, boxes: Sequence[Box], *, turn: int = 0, kind: Kind | None = None) -> Covered:
    """A copy that is black in the boxes and carries nothing but the picture.

    `turn` is how many quarters clockwise the person turned the photo; `boxes` are of what they saw then. `kind` is what the record
    knows of the file; without it the first bytes decide, by which RAW files in the form of TIFF cannot be told.
    A JPEG stays as it is outside the boxes, coefficient by coefficient; what had to be encoded anew says so.
    Raises CannotCover, and Unavailable where no process can be started behind walls.
    """
    if len(boxes) > MOST_BOXES:
        raise CannotCover(Why.TOO_MANY_BOXES)
    asked = Request(
        task=Task.COVER,
        length=len(data),
        kind=asking.kind_of(data, kind),
        boxes=tuple((box.x, box.y, box.w, box.h) for box in boxes),
        turn=turn % 4,
    )
    note, made = asking.coverers().copy(data, asked)
    grown = tuple(Box.of_pixels(*edges, note.width, note.height) for edges in note.boxes)
    return Covered(made, "image/jpeg", note.width, note.height, note.how or How.REENCODED, grown)


def carried(data: bytes, *, kind: Kind | None = None, name: str = "") -> tuple[Carried, ...]:
    """What a file carries beside its picture, in words: place, serial number, owner, thumbnail. None of it is in any copy.

    Raises CannotCover for what is no photo or stopped its process, and Unavailable.
    """
    asked = Request(task=Task.CARRIED, length=len(data), kind=asking.kind_of(data, kind), words=name)
    note = asking.coverers().note(data, asked)
    return tuple(Carried(said, value) for said, value in note.carried)
