"""Identities as the database holds them: sealed in one field of the row, exact numbers as blind indexes (security design c2)."""

from dataclasses import dataclass
from uuid import UUID

from safelight.patients.identity import Identity
from safelight.vault.fields import open_field
from safelight.vault.indexes import Keys, fingerprints


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedIdentity:
    """An identity as the database holds it, for one patient. Made before the action that keeps it.

    `nhs` and `hospital` are the numbers' blind indexes by each of `keys`, the newest first; empty where there is no number.
    """

    patient: UUID
    sealed: bytes
    keys: Keys
    nhs: tuple[bytes, ...]
    hospital: tuple[bytes, ...]

    @property
    def nhs_index(self) -> bytes | None:
        """By the newest key: what is kept."""
        return self.nhs[0] if self.nhs else None

    @property
    def hospital_index(self) -> bytes | None:
        """By the newest key: what is kept."""
        return self.hospital[0] if self.hospital else None


def open_identity(sealed: bytes | memoryview, *, patient_id: UUID) -> Identity:
    """The identity in a patient's row. Raises ObjectDamaged or WrongKey where it was changed or is another row's."""
    return Identity.read(open_field(bytes(sealed), context=context(patient_id)))


def nhs_indexes(digits: str | None, keys: Keys) -> tuple[bytes, ...]:
    """By which the exact NHS number is found, by each key; empty where there is none."""
    return fingerprints("nhs", digits, keys) if digits else ()


def hospital_indexes(number: str | None, keys: Keys) -> tuple[bytes, ...]:
    """By which the exact hospital number is found, by each key; empty where there is none."""
    return fingerprints("hospital", number, keys) if number else ()


def context(patient_id: UUID) -> str:
    """What binds a sealed identity to its row."""
    return f"patient|{patient_id}"
