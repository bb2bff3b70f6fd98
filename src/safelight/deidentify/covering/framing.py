"""How the covering process is asked, and what of its answer is believed. Used on both sides; pure.

A request goes through the pipe: 4 bytes its length, then JSON; the file lies in shared memory. An answer is a note in JSON and one
file, each of bounded length.
"""

import struct
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from safelight.deidentify.covering.refusals import Why
from safelight.photographs.pictures.kinds import Kind

LENGTH = struct.Struct("<I")
LONGEST = (256 * 1024, 160 * 2**20, 0)
"""The most bytes of note and file: the largest picture that is drawn, at quality 95, takes about one byte a pixel."""
MOST_BOXES = 500
MOST_NOTES = 200
LONGEST_WORDS = 200
_LARGEST_SIDE = 2**20

Share = Annotated[float, Field(ge=0, le=1)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_WORDS)]


class Task(StrEnum):
    COVER = "cover"
    CARRIED = "carried"
    MARK = "mark"


class How(StrEnum):
    """What covering did to the picture outside the boxes."""

    UNCHANGED = "unchanged outside the boxes"
    REENCODED = "re-encoded"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Request(_Strict):
    """`lossless` False asks for a copy from pixels, after the other way ended the process."""

    task: Task
    length: int
    kind: Kind
    boxes: tuple[tuple[Share, Share, Share, Share], ...] = ()
    turn: int = 0
    lossless: bool = True
    words: str = ""
    longest: int = 0

    def pack(self) -> bytes:
        written = self.model_dump_json().encode()
        return LENGTH.pack(len(written)) + written


class Note(_Strict):
    """`boxes` are pixels of the picture that is seen. `carried` is what the file said, by name and value."""

    refusal: Why | None = None
    width: int = Field(default=0, ge=0, le=_LARGEST_SIDE)
    height: int = Field(default=0, ge=0, le=_LARGEST_SIDE)
    how: How | None = None
    boxes: tuple[tuple[int, int, int, int], ...] = Field(default=(), max_length=MOST_BOXES)
    carried: tuple[tuple[Line, Line], ...] = Field(default=(), max_length=MOST_NOTES)
