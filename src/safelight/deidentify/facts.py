"""What happens to covered copies, as the ledger keeps it: identifiers, counts and codes, never what was read in a photo."""

from dataclasses import dataclass
from uuid import UUID

from safelight.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class FindingsNoted(Fact):
    """The computer looked at a photo, one stage of it. `added` is new; what was found again where it was known is not."""

    photograph: UUID
    patient: UUID
    stage: str
    added: int
    failed: bool


@dataclass(frozen=True, kw_only=True)
class DeskOpened(Fact):
    """Somebody looked at a photo in order to cover it. `look_owed`: the computer has not looked at it as it is now. `decided`: it
    has, and nothing is left to decide.
    """

    photograph: UUID
    patient: UUID
    permit: UUID
    look_owed: bool
    decided: bool


@dataclass(frozen=True, kw_only=True)
class BoxesKept(Fact):
    photograph: UUID
    patient: UUID
    copy: UUID
    version: int
    covered: int
    shown: int
    undecided: int


@dataclass(frozen=True, kw_only=True)
class BoxesSetAside(Fact):
    """Somebody's boxes were kept for them alone, for somebody else was quicker."""

    photograph: UUID
    patient: UUID
    boxes: int


@dataclass(frozen=True, kw_only=True)
class BoxesLetGo(Fact):
    photograph: UUID
    patient: UUID


@dataclass(frozen=True, kw_only=True)
class ChecklistSigned(Fact):
    signing: UUID
    kind: str
    statements: tuple[str, ...]
    photographs: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class CopyApproved(Fact):
    """A covered copy may be shown to others. `digest` is of the record copy it was made from, `copy_digest` of its own bytes."""

    photograph: UUID
    patient: UUID
    copy: UUID
    approval: UUID
    digest: str
    copy_digest: str
    covered: int
    again: int
    flagged: bool
    restricted: bool


@dataclass(frozen=True, kw_only=True)
class LookedAgain(Fact):
    """The computer looked at a covered copy or its draft, `whole` or reduced. `added` is what a person has to decide now."""

    photograph: UUID
    patient: UUID
    copy: UUID
    whole: bool
    added: int
    failed: bool


@dataclass(frozen=True, kw_only=True)
class MatchedAnew(Fact):
    """What was read in a photo was compared with what is known of the patient by now. `matched` looks like their own and did not
    before; `asked` of it had been shown, and is undecided again.
    """

    photograph: UUID
    patient: UUID
    matched: int
    asked: int


@dataclass(frozen=True, kw_only=True)
class CopyRecalled(Fact):
    """Something in a copy that was approved looks like something: it is shown to nobody until a person has decided and signed."""

    photograph: UUID
    patient: UUID
    copy: UUID


@dataclass(frozen=True, kw_only=True)
class CopyRejected(Fact):
    """A person said that a photo is not to be shared: no earlier copy of it stands from now on."""

    photograph: UUID
    patient: UUID
    copy: UUID


@dataclass(frozen=True, kw_only=True)
class SignedOff(Fact):
    photograph: UUID
    patient: UUID
    sign_off: UUID


@dataclass(frozen=True, kw_only=True)
class NamedAnonymous(Fact):
    """A person, by name, says of a covered copy that nobody can tell who the patient is (F3)."""

    photograph: UUID
    patient: UUID
    copy: UUID
