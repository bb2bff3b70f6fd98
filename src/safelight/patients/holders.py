"""Who has a number, whichever index key it is found by; and that what is about to be written is by the newest.

All of it inside an action that has taken the revision: whoever lets numbers be found by a new key waits for it, or has ended.
"""

from uuid import UUID

from django.db.models import Q

from safelight.kernel.actor import Actor
from safelight.patients import rules
from safelight.patients.models import Patient
from safelight.patients.sealed import SealedIdentity
from safelight.vault.indexes import require_newest


def taken(actor: Actor, sealed: SealedIdentity) -> set[UUID]:
    """The other patients who have one of these numbers, merged ones too. Raises IndexKeyTurned."""
    require_newest(sealed.keys)
    if not rules.knows_of_patients(actor):
        return set()
    asked = Q(nhs_index__in=sealed.nhs) | Q(hospital_index__in=sealed.hospital)
    return set(Patient.objects.filter(asked).exclude(pk=sealed.patient).values_list("pk", flat=True))


def same_numbers(row: Patient, sealed: SealedIdentity) -> bool:
    """Whether a patient has these numbers already, and no other."""
    return all(
        (held is None and not made) or (held is not None and bytes(held) in made)
        for held, made in ((row.nhs_index, sealed.nhs), (row.hospital_index, sealed.hospital))
    )
