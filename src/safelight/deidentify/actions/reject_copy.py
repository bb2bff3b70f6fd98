from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.deidentify import drafts
from safelight.deidentify.facts import CopyRejected
from safelight.deidentify.lifecycle import COVERED_COPY, CopyMove
from safelight.kernel.actor import Actor


@action
def reject_copy(*, by: Actor, photograph_id: UUID, version: int, now: datetime) -> None:
    """Say that a photo is not to be shared.

    1. The actor may see the patient, and nobody changed the boxes since `version`.
    2. From now on no earlier copy stands. Whoever opens the photo to cover it again begins a new draft.
    """
    photograph, draft = drafts.for_change(by, photograph_id, version=version, now=now)  # (1)
    move(draft, COVERED_COPY, CopyMove.REJECT, by=by, at=now, decided_by=by.id, decided_at=now, changed_by=by.id, changed_at=now)  # (2)
    state(CopyRejected(photograph=photograph.pk, patient=photograph.patient_id, copy=draft.pk))
