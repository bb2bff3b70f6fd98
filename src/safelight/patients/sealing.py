"""Sealing an identity, before the action that keeps it: only what keeps the rules is sealed."""

from datetime import date
from uuid import UUID

from django.conf import settings

from safelight.patients.errors import NotAnIdentity
from safelight.patients.identity import Identity
from safelight.patients.rules import faults
from safelight.patients.sealed import SealedIdentity, context, hospital_indexes, nhs_indexes
from safelight.vault.fields import seal_field
from safelight.vault.indexes import Keys, in_play


def seal(identity: Identity, *, patient_id: UUID, today: date, keys: Keys | None = None) -> SealedIdentity:
    """Seal an identity for one patient. Raises NotAnIdentity where it breaks a rule: what is sealed was checked.

    `keys` are the index keys in play, for whoever seals many; they are looked up where they are left out.
    """
    if wrong := faults(identity, today=today, synthetic_allowed=settings.SAFELIGHT_ALLOW_SYNTHETIC_NUMBERS):
        raise NotAnIdentity(wrong)
    by = in_play() if keys is None else keys
    return SealedIdentity(
        patient=patient_id,
        sealed=seal_field(identity.canonical(), context=context(patient_id)),
        keys=by,
        nhs=nhs_indexes(identity.nhs_number, by),
        hospital=hospital_indexes(identity.hospital_number, by),
    )
