"""What the editor shows of one photo. In the clear only in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.deidentify import rules
from safelight.deidentify.boxes import Box, Kind
from safelight.deidentify.matching import own
from safelight.deidentify.models import Approval, CoveredCopy, Decision, Finding, Look, Match, SignOff, Source
from safelight.deidentify.sealed import open_read
from safelight.patients.identity import Identity
from safelight.photographs.models import Photograph


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Shown:
    """A finding as the editor shows it. `read` is what the computer read there, `matches` what of the patient's own it looks like."""

    id: UUID
    number: int
    kind: Kind
    box: Box | None
    confidence: float
    low: bool
    read: str
    matches: Match
    source: Source
    state: Decision
    decided_by: UUID | None
    decided_at: datetime | None

    def __repr__(self) -> str:
        return f"<Shown {self.id}>"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Desk:
    """One photo, what was found in it, and what has been said of it. `findings` come in the order in which a person should look.

    `version` is what `keep_boxes` and `reject_copy` are told, 0 where no draft is. `approval` is the one that stands now.
    `not_coverable` is the code of why the photo has no covered copy, empty where it can have one. `again` counts by kind what second
    looks put to a person and is not decided yet, `looking_again` says that one is on its way.
    """

    photograph: Photograph
    findings: tuple[Shown, ...]
    looks: tuple[Look, ...]
    finder: rules.FinderState
    draft: CoveredCopy | None
    version: int
    approval: Approval | None
    not_coverable: str
    sign_off: SignOff | None
    again: Mapping[Kind, int]
    looking_again: bool

    def __repr__(self) -> str:
        return f"<Desk {self.photograph.pk}>"


def shown(finding: Finding, known_as: Sequence[Identity]) -> Shown:
    """A finding in the clear. Raises ObjectDamaged or WrongKey where what was read was changed.

    What looked like nobody's when it was found may be the patient's own by what is known of them now.
    """
    read, matches = open_read(finding.read, photograph_id=finding.photograph_id), Match(finding.matches)
    return Shown(
        id=finding.pk,
        number=finding.number,
        kind=Kind(finding.kind),
        box=rules.box_of(finding),
        confidence=finding.confidence,
        low=finding.low,
        read=read,
        matches=own(read, *known_as) if read and matches == Match.NONE and finding.kind != Kind.METADATA else matches,
        source=Source(finding.source),
        state=Decision(finding.state),
        decided_by=finding.decided_by,
        decided_at=finding.decided_at,
    )


def importance(one: Shown) -> tuple[bool, bool, int, int]:
    """The order on the desk: the patient's own first, then faces, text, barcodes and metadata; places seen but unread behind."""
    return (one.matches == Match.NONE, one.low, list(Kind).index(one.kind), one.number)
