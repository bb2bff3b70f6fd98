from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody.rules import confirmed
from safelight.kernel.actor import Actor
from safelight.photographs import queries, rules
from safelight.photographs.errors import ChangedMeanwhile, NotSafeYet
from safelight.photographs.facts import NewCopyTaken
from safelight.photographs.models import Photograph
from safelight.vault.kept import Rewrapped
from safelight.vault.models import StoredObject


@action
def take_new_copy(*, by: Actor, photograph_id: UUID, rewrapped: Rewrapped, now: datetime) -> None:  # noqa: ARG001 - the entry is of this moment
    """Put a copy that came from the card anew in the place of a record copy that broke.

    1. It is a copy of this photo's frame, read back whole.
    2. It becomes the patient's; a photo that was moved in the meantime is prepared again.
    3. The broken copy stays in the vault, for whoever looks why.
    """
    photograph = queries.photograph(by, photograph_id)
    frame = photograph.frame
    if not confirmed(frame) or frame.stored_id is None:  # (1)
        raise NotSafeYet(frame.pk)
    if not rules.all_become(photograph.patient_id, {frame.stored_id}, (rewrapped,)) or not StoredObject.apply(rewrapped):  # (2)
        raise ChangedMeanwhile(photograph.pk)
    Photograph.objects.filter(pk=photograph.pk).update(record_copy=frame.stored_id)  # (3)
    state(NewCopyTaken(patient=photograph.patient_id, photograph=photograph.pk, stored=frame.stored_id, broken=photograph.record_copy_id))
