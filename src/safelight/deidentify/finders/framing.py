"""How the finding process is asked, and what of its answer is believed. Used on both sides; pure.

A request goes through the pipe: 4 bytes its length, then JSON. With `begin` a photograph lies in shared memory; each further request
asks for the next stage of it. An answer is a note in JSON of bounded length.
"""

import struct
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from safelight.deidentify.boxes import Box, Found, Kind, Stage
from safelight.photographs.pictures.kinds import Kind as FileKind
from safelight.photographs.pictures.reasons import Reason

LENGTH = struct.Struct("<I")
LONGEST = (4 * 2**20, 0, 0)
MOST_FOUND, MOST_COVERED = 500, 500
LONGEST_TEXT = 4000  # a PDF417 symbol holds at most 2710 digits (ISO/IEC 15438)
_LARGEST_SIDE = 2**20
_MOST_STEPS = 16

Share = Annotated[float, Field(ge=0, le=1)]
Edges = tuple[Share, Share, Share, Share]
Name = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9][a-z0-9. -]*$")]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Request(_Strict):
    """`begin` opens the photograph of so many bytes; without it the next stage of the one that is open is asked for. `covered` are the
    areas of a covered copy, before they grew to whole blocks.
    """

    begin: bool
    covered: Annotated[tuple[Edges, ...], Field(max_length=MOST_COVERED)] = ()
    length: int = 0
    kind: FileKind = FileKind.JPEG

    def pack(self) -> bytes:
        written = self.model_dump_json().encode()
        return LENGTH.pack(len(written)) + written


class Seen(_Strict):
    """One thing found. `edges` are left, top, width and height in shares of the upright photograph."""

    kind: Kind
    edges: Edges
    confidence: Share
    text: Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]
    finder: Name
    version: Name
    low: bool

    @classmethod
    def of(cls, found: Found) -> "Seen":
        box = found.box or Box(0, 0, 1, 1)
        return cls(
            kind=found.kind,
            edges=(box.x, box.y, box.w, box.h),
            confidence=min(max(found.confidence, 0.0), 1.0),
            text=found.text[:LONGEST_TEXT],
            finder=found.finder,
            version=found.version,
            low=found.low,
        )

    def found(self) -> Found:
        return Found(self.kind, Box(*self.edges), self.confidence, self.text, self.finder, self.version, self.low)


class Note(_Strict):
    """What came of one request: the upright size at the beginning, else one stage. `left` names the stages still to come."""

    refusal: Reason | None = None
    width: int = Field(default=0, ge=0, le=_LARGEST_SIDE)
    height: int = Field(default=0, ge=0, le=_LARGEST_SIDE)
    left: tuple[Name, ...] = Field(default=(), max_length=_MOST_STEPS)
    stage: Name | None = None
    failed: bool = False
    seen: tuple[Seen, ...] = Field(default=(), max_length=MOST_FOUND)
    cpu_seconds: float = Field(default=0, ge=0)

    def as_stage(self, width: int, height: int) -> Stage:
        """The stage as everybody else knows it. Raises NotABox for a box that leaves the photograph."""
        return Stage(self.stage or "", tuple(seen.found() for seen in self.seen), failed=self.failed, width=width, height=height)
