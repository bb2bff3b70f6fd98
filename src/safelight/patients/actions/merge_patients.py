from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import chosen, queries, rules
from safelight.patients.errors import NotForYou, OtherWayRound, SamePatient
from safelight.patients.facts import PatientMerged
from safelight.patients.models import Patient, Revision


@action
def merge_patients(*, by: Actor, patient_id: UUID, into_id: UUID, now: datetime) -> UUID:
    """Say that two entries are one person (E4); returns the id of the one that goes on.

    1. The actor treats, and looks after both.
    2. Two that are one already are not merged again, so merges never make a ring.
    3. The one with the NHS number goes on.
    4. The merged one keeps its row and its numbers, which lead on: the merge can be undone.
    """
    revisions = Revision.take(2)
    merged, into = queries.patient(by, patient_id), queries.patient(by, into_id)
    if not rules.finds_patients(by):  # (1)
        raise NotForYou(patient_id)
    for one in (merged, into):
        chosen.gate()(by, one.pk, now=now)
    if merged.pk == into.pk:  # (2)
        raise SamePatient(patient_id)
    if merged.nhs_index is not None and into.nhs_index is None:  # (3)
        raise OtherWayRound(patient_id)
    Patient.objects.filter(pk=merged.pk).update(merged_into=into, revision=next(revisions), changed_at=now)  # (4)
    Patient.objects.filter(pk=into.pk).update(revision=next(revisions), changed_at=now)
    state(PatientMerged(patient=into.pk, merged=merged.pk))
    return into.pk
