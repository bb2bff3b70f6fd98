"""Identities as the database holds them: sealed in one field of the row, exact numbers as blind indexes (security design c2)."""

from dataclasses import dataclass
from uuid import UUID

from safelight.patients.identity import Identity
from safelight.vault.fields import blind_index, open_field


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedIdentity:
    """An identity as the database holds it, for one patient. Made before the action that keeps it."""

    patient: UUID
    sealed: bytes
    nhs_index: bytes | None
    hospital_index: bytes | None


def open_identity(sealed: bytes | memoryview, *, patient_id: UUID) -> Identity:
    """The identity in a patient's row. Raises ObjectDamaged or WrongKey where it was changed or is another row's."""
    return Identity.read(open_field(bytes(sealed), context=context(patient_id)))


def nhs_index(digits: str) -> bytes:
    """By which the exact NHS number is found."""
    return blind_index("nhs", digits)


def hospital_index(number: str) -> bytes:
    """By which the exact hospital number is found."""
    return blind_index("hospital", number)


def context(patient_id: UUID) -> str:
    """What binds a sealed identity to its row."""
    return f"patient|{patient_id}"
