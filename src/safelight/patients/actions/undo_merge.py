from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import chosen, rules
from safelight.patients.errors import NotForYou, NotMerged
from safelight.patients.facts import MergeUndone
from safelight.patients.models import Patient, Revision


@action
def undo_merge(*, by: Actor, patient_id: UUID, now: datetime) -> None:
    """Make a merged patient one of their own again.

    1. The actor treats, and looks after the one that went on, which is this one too until now.
    2. Those that were merged into it before come along.
    """
    revisions = Revision.take(2)
    merged = Patient.objects.filter(pk=patient_id, merged_into__isnull=False).first()
    if not rules.finds_patients(by):  # (1)
        raise NotForYou(patient_id)
    if merged is None or merged.merged_into_id is None:
        raise NotMerged(patient_id)
    into = merged.merged_into_id
    chosen.gate()(by, patient_id, now=now)
    Patient.objects.filter(pk=patient_id).update(merged_into=None, revision=next(revisions), changed_at=now)  # (2)
    Patient.objects.filter(pk=into).update(revision=next(revisions), changed_at=now)
    state(MergeUndone(patient=patient_id, was_into=into))
