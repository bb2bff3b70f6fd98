"""What happens to guests and letters, as the ledger keeps it."""

from dataclasses import dataclass
from uuid import UUID

from safelight.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class AccreditedListTaken(Fact):
    """`dated` is an ISO date."""

    edition: UUID
    dated: str
    domains: int


@dataclass(frozen=True, kw_only=True)
class GuestConfirmed(Fact):
    """The asker confirmed who a colleague elsewhere is. `list_dated` is the date of the list that was asked, empty where there is none."""

    guest: UUID
    accredited: bool
    list_dated: str
    by_letter: bool


@dataclass(frozen=True, kw_only=True)
class GuestCodeAsked(Fact):
    """Somebody showed a link. `guest` is None where it leads nowhere, or where no more codes are sent for now."""

    code: UUID
    guest: UUID | None


@dataclass(frozen=True, kw_only=True)
class GuestCodeTried(Fact):
    """A code was typed. `proved` tells whether it was the one in the mailbox."""

    code: UUID | None
    guest: UUID | None
    proved: bool


@dataclass(frozen=True, kw_only=True)
class GuestTracesForgotten(Fact):
    """So many codes and proofs of guests that were over for long."""

    codes: int
    browsers: int


@dataclass(frozen=True, kw_only=True)
class LettersPromised(Fact):
    opinion: UUID
    patient: UUID
    guest: UUID
    letters: int


@dataclass(frozen=True, kw_only=True)
class LetterSent(Fact):
    """`copies` photos left with it. `secure` has the relay encrypt it, `encrypted` tells that it was encrypted here.

    `list_dated` is the date of the list of accredited domains that was asked, empty where there is none.
    """

    opinion: UUID
    patient: UUID
    posting: UUID
    copies: int
    secure: bool
    encrypted: bool
    list_dated: str


@dataclass(frozen=True, kw_only=True)
class LetterNotSent(Fact):
    """`why` is a code; `for_good` tells whether it is tried again."""

    opinion: UUID
    patient: UUID
    posting: UUID
    why: str
    for_good: bool


@dataclass(frozen=True, kw_only=True)
class LetterReturned(Fact):
    """The mailbox of a guest did not take a letter of ours."""

    opinion: UUID
    patient: UUID
    posting: UUID


@dataclass(frozen=True, kw_only=True)
class LetterArrived(Fact):
    """A letter is in the record of mail; what became of it, and why."""

    letter: UUID
    placed: str
    why: str
    signed: bool


@dataclass(frozen=True, kw_only=True)
class LetterFiled(Fact):
    """A person said which question a letter answers, and whose."""

    letter: UUID
    opinion: UUID
    patient: UUID
    answer: UUID


@dataclass(frozen=True, kw_only=True)
class LetterSetAside(Fact):
    letter: UUID


@dataclass(frozen=True, kw_only=True)
class LetterRead(Fact):
    """Somebody read a letter that nobody could place."""

    letter: UUID
    opinions: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class LetterFileGivenOut(Fact):
    """A file of a letter left, the virus scanner having called it clean. `number` counts the files of the letter from 1."""

    letter: UUID
    number: int
    opinion: UUID | None
    patient: UUID | None


@dataclass(frozen=True, kw_only=True)
class CertificateAdded(Fact):
    certificate: UUID


@dataclass(frozen=True, kw_only=True)
class CertificateRemoved(Fact):
    certificate: UUID
