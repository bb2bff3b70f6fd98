from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import chosen, rules
from safelight.patients.errors import ChangedMeanwhile, NotForYou, NumberTaken
from safelight.patients.facts import PatientChanged
from safelight.patients.holders import same_numbers, taken
from safelight.patients.models import Confirmed, Patient, Revision
from safelight.patients.sealed import SealedIdentity


@action
def change_patient(*, by: Actor, sealed: SealedIdentity, seen: int, ward: str, temporary: bool, deceased: bool, now: datetime) -> None:
    """Correct who a patient is or where they lie.

    1. The actor treats, and looks after the patient: a record opened by a reason only is not theirs to change.
    2. Nobody else has one of the numbers.
    3. The patient is as the form showed them: `seen` is the revision they had then.
    4. Another number is confirmed anew (E6).
    """
    if not rules.finds_patients(by):  # (1)
        raise NotForYou(sealed.patient)
    chosen.gate()(by, sealed.patient, now=now)
    revision = next(Revision.take())
    if taken(by, sealed):  # (2)
        raise NumberTaken(sealed.patient)
    was = Patient.objects.filter(pk=sealed.patient).first()
    unsure = {} if was and same_numbers(was, sealed) else {"confirmed": Confirmed.NOT_YET, "confirmed_at": None}  # (4)
    changed = Patient.objects.filter(pk=sealed.patient, revision=seen, merged_into=None).update(  # (3)
        sealed=sealed.sealed,
        nhs_index=sealed.nhs_index,
        hospital_index=sealed.hospital_index,
        index_key=sealed.keys[0],
        ward=ward,
        temporary=temporary,
        deceased=deceased,
        revision=revision,
        changed_at=now,
        **unsure,
    )
    if not changed:
        raise ChangedMeanwhile(sealed.patient)
    state(PatientChanged(patient=sealed.patient, ward=ward, temporary=temporary, deceased=deceased))
