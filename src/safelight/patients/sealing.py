"""Sealing an identity, before the action that keeps it: only what keeps the rules is sealed."""

from datetime import date
from uuid import UUID

from django.conf import settings

from safelight.patients.errors import NotAnIdentity
from safelight.patients.identity import Identity
from safelight.patients.rules import faults
from safelight.patients.sealed import SealedIdentity, context, hospital_index, nhs_index
from safelight.vault.fields import seal_field


def seal(identity: Identity, *, patient_id: UUID, today: date) -> SealedIdentity:
    """Seal an identity for one patient. Raises NotAnIdentity where it breaks a rule: what is sealed was checked."""
    if wrong := faults(identity, today=today, synthetic_allowed=settings.SAFELIGHT_ALLOW_SYNTHETIC_NUMBERS):
        raise NotAnIdentity(wrong)
    return SealedIdentity(
        patient=patient_id,
        sealed=seal_field(identity.canonical(), context=context(patient_id)),
        nhs_index=nhs_index(identity.nhs_number) if identity.nhs_number else None,
        hospital_index=hospital_index(identity.hospital_number) if identity.hospital_number else None,
    )
