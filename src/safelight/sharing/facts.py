"""What happens to opinions, as the ledger keeps it. Notices, mail and the clock of escalation hear these facts."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class OpinionAsked(Fact):
    """A question waits for one team, person or guest. Nothing goes out before `held_until`, and then only if it is still offered."""

    opinion: UUID
    patient: UUID
    urgency: str
    team: UUID | None
    person: UUID | None
    guest: UUID | None
    held_until: datetime
    expires_at: datetime
    copies: int
    doubts_confirmed: int


@dataclass(frozen=True, kw_only=True)
class OpinionOpened(Fact):
    """Somebody opened it. `first` tells whether nobody of those asked had before."""

    opinion: UUID
    patient: UUID
    first: bool


@dataclass(frozen=True, kw_only=True)
class SharedCopySeen(Fact):
    """One of those asked saw a covered copy. `approval` is of the copy that stood then."""

    opinion: UUID
    patient: UUID
    item: UUID
    approval: UUID


@dataclass(frozen=True, kw_only=True)
class CoveredCopySeen(Fact):
    """Somebody who looks after the patient saw what colleagues would see."""

    patient: UUID
    photograph: UUID
    approval: UUID


@dataclass(frozen=True, kw_only=True)
class OpinionTakenOn(Fact):
    """Somebody who was asked says "I am on it"."""

    opinion: UUID
    patient: UUID


@dataclass(frozen=True, kw_only=True)
class OpinionAnswered(Fact):
    """An answer is in the record. `first` tells whether it is the first; `quick` is a code or empty."""

    opinion: UUID
    patient: UUID
    answer: UUID
    quick: str
    first: bool


@dataclass(frozen=True, kw_only=True)
class AnswerRead(Fact):
    opinion: UUID
    patient: UUID


@dataclass(frozen=True, kw_only=True)
class OpinionPassedOn(Fact):
    """It waits for somebody else now, as if it had just been asked."""

    opinion: UUID
    patient: UUID
    urgency: str
    team: UUID | None
    person: UUID | None


@dataclass(frozen=True, kw_only=True)
class OpinionTakenBack(Fact):
    """Nobody can open it from now on. `why` is a code (`Ended`); `sent` tells whether anything could have gone out."""

    opinion: UUID
    patient: UUID
    why: str
    opened: bool
    sent: bool


@dataclass(frozen=True, kw_only=True)
class OpinionExpired(Fact):
    opinion: UUID
    patient: UUID
    opened: bool


@dataclass(frozen=True, kw_only=True)
class OpinionEndSeen(Fact):
    """The asker knows that it ended without an answer."""

    opinion: UUID
    patient: UUID


@dataclass(frozen=True, kw_only=True)
class OpinionsListed(Fact):
    """Somebody saw questions of this patient's in a list or on a page."""

    patient: UUID
    opinions: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class QuestionKept(Fact):
    """A question waits for the photos of a visit."""

    patient: UUID
    visit: UUID
    question: UUID


@dataclass(frozen=True, kw_only=True)
class KeptQuestionDone(Fact):
    patient: UUID
    visit: UUID
    question: UUID
    asked: bool


@dataclass(frozen=True, kw_only=True)
class EmergencyCalled(Fact):
    """Somebody on call may see a patient for an hour, and the one who called owes the rest."""

    patient: UUID
    call: UUID
    person: UUID
    until: datetime
    due_at: datetime


@dataclass(frozen=True, kw_only=True)
class EmergencySettled(Fact):
    patient: UUID
    call: UUID
    late: bool


@dataclass(frozen=True, kw_only=True)
class InboxShown(Fact):
    """`opinions` counts them; which they are stands in the facts about each patient."""

    box: str
    opinions: int
