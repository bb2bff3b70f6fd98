"""What comes into the actions on covered copies: what finders saw, sealed; what a person drew and decided; what a person signed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from safelight.deidentify.boxes import Box, Kind
from safelight.deidentify.models import Checklist, Decision, How, Match
from safelight.kernel.digest import Digest
from safelight.vault.kept import Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFound:
    """A thing that a finder saw. `id` is new, `read` sealed for the photo, `matches` says what of the patient's own it looks like, and
    `likeness`, sealed too, like which words of theirs.
    """

    id: UUID
    kind: Kind
    box: Box | None
    confidence: float
    low: bool
    read: bytes
    matches: Match
    likeness: bytes
    finder: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSeen:
    """One stage of a look at a photo as it was then: whose it was, and which file. `done` is the last stage, `failed` no answer."""

    photograph: UUID
    patient: UUID
    record_copy: UUID
    name: str
    failed: bool
    done: bool
    found: tuple[SealedFound, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondSeen:
    """What a second look saw in the picture (`rules.picture`) of a covered copy or its draft: `whole`, or reduced. Places not turned."""

    copy: UUID
    picture: str
    whole: bool
    failed: bool
    found: tuple[SealedFound, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What of the patient's own a finding looks like now, and like which words of theirs: sealed, `before` as it stood in the row."""

    match: Match
    before: bytes
    now: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Rematched:
    """What was read in a photo as it looks beside what is known of its patient now: only findings that look like the patient's own,
    and looked otherwise before, or like other words of theirs.
    """

    photograph: UUID
    patient: UUID
    matches: Mapping[UUID, Likeness]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxSaid:
    """A box as it stands in the editor: a finding by its id, or a new id for one that a person drew. Not turned (see models)."""

    id: UUID
    box: Box
    state: Decision
    kind: Kind = Kind.TEXT


class Statement(StrEnum):
    """What a person says that they looked for; the last one alone is the urgent list."""

    MARKS = "marks"
    WORN = "worn"
    AROUND = "around"
    FACE = "face"
    NOTHING_ELSE = "nothing_else"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    Statement.MARKS: "Tattoos, scars, birthmarks",
    Statement.WORN: "Jewellery, watches, nails",
    Statement.AROUND: "Background, wristbands, screens",
    Statement.FACE: "Face, eyes, hair",
    Statement.NOTHING_ELSE: "I looked at every photo. Nothing else identifies the patient.",
}
OWED = {
    Checklist.FULL: frozenset({Statement.MARKS, Statement.WORN, Statement.AROUND, Statement.FACE}),
    Checklist.URGENT: frozenset({Statement.NOTHING_ELSE}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The checklist as a person ticked it."""

    kind: Checklist
    statements: frozenset[Statement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A covered copy whose bytes are in the vault and which is nothing yet: `approve_copies` makes it one.

    `version` and `areas` are the draft's it was made of, `record_copy` and `digest` the file's, `kept` is wrapped for the patient.
    `flagged` says that the computer could not check the photo. `slate`: one is seen in it. `young`: the patient was, or may have
    been, under 18 when it was taken. `approval` is a new id.
    """

    photograph: UUID
    version: int
    record_copy: UUID
    digest: Digest
    kept: Kept
    how: How
    turn: int
    areas: tuple[Box, ...]
    width: int
    height: int
    flagged: bool
    slate: bool
    young: bool
    approval: UUID
