from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import rules
from safelight.patients.errors import NotForYou, NumberTaken
from safelight.patients.facts import PatientRegistered
from safelight.patients.holders import taken
from safelight.patients.models import Confirmed, Patient, Revision, Source
from safelight.patients.sealed import SealedIdentity


@action
def register_patient(
    *, by: Actor, sealed: SealedIdentity, ward: str, now: datetime, temporary: bool = False, source: Source = Source.FORM
) -> Patient:
    """Enter a patient whom nobody has entered yet.

    1. The actor adds patients. That the identity keeps the rules was checked when it was sealed.
    2. Nobody else has one of the numbers; who takes the revision is alone until the end.
    3. A temporary patient is somebody whose name or number is not known yet (E4): a merge or a change mends it later.
    4. A list comes from the hospital's own register; what was typed in is confirmed later (E6).
    """
    if not rules.adds_patients(by):  # (1)
        raise NotForYou
    revision = next(Revision.take())
    if taken(by, sealed):  # (2)
        raise NumberTaken
    made = Patient.objects.create(
        id=sealed.patient,
        sealed=sealed.sealed,
        nhs_index=sealed.nhs_index,
        hospital_index=sealed.hospital_index,
        index_key=sealed.keys[0],
        ward=ward,
        temporary=temporary,  # (3)
        source=source,  # (4)
        confirmed=Confirmed.LIST if source is Source.LIST else Confirmed.NOT_YET,
        confirmed_at=now if source is Source.LIST else None,
        revision=revision,
        created_at=now,
        changed_at=now,
    )
    state(PatientRegistered(patient=made.pk, ward=ward, temporary=temporary))
    return made
