"""What happens to patients, as the ledger keeps it: pseudonyms, never names or numbers."""

from dataclasses import dataclass
from uuid import UUID

from safelight.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class PatientRegistered(Fact):
    patient: UUID
    ward: str
    temporary: bool


@dataclass(frozen=True, kw_only=True)
class PatientChanged(Fact):
    patient: UUID
    ward: str
    temporary: bool
    deceased: bool


@dataclass(frozen=True, kw_only=True)
class PatientConfirmed(Fact):
    """It was made sure that the number is this person's."""

    patient: UUID
    how: str


@dataclass(frozen=True, kw_only=True)
class PatientsBroughtIn(Fact):
    """A list was brought in. `unchanged` counts the rows that said nothing new, `refused` those that somebody forestalled."""

    added: tuple[UUID, ...]
    changed: tuple[UUID, ...]
    unchanged: int
    refused: int


@dataclass(frozen=True, kw_only=True)
class PatientMerged(Fact):
    """`merged` is the same person as `patient`, who goes on. What stands under `merged` is shown under `patient` from now on."""

    patient: UUID
    merged: UUID


@dataclass(frozen=True, kw_only=True)
class MergeUndone(Fact):
    """`patient` is a patient of its own again. What stood under it before the merge belongs to it."""

    patient: UUID
    was_into: UUID


@dataclass(frozen=True, kw_only=True)
class PatientShown(Fact):
    """Somebody who searched, or opened the form, saw this patient's name, birth date and numbers."""

    patient: UUID


@dataclass(frozen=True, kw_only=True)
class SearchDone(Fact):
    """A search and how many it found. What was searched for is an identity, and is not kept."""

    by_number: bool
    found: int


@dataclass(frozen=True, kw_only=True)
class WardListShown(Fact):
    """Names, birth dates and numbers of patients on the actor's own wards were shown as a list."""

    patients: tuple[UUID, ...]
