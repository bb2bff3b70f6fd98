from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.deidentify import queries, rules
from safelight.deidentify.errors import PhotographersEvidence
from safelight.deidentify.facts import DeskOpened
from safelight.deidentify.models import CoveredCopy, Decision, DeskPermit, Finding
from safelight.kernel.actor import Actor
from safelight.photographs.models import Photograph
from safelight.photographs.rules import may_handle


@action
def view_desk(*, by: Actor, photograph_id: UUID, now: datetime, new_id: UUID) -> DeskPermit:
    """Open a photo to cover it. Each opening is an entry, and proof that this person looked at the photo.

    1. The actor may see its patient; evidence is for the photographer.
    2. There is one draft, of the photo as it is now. What was shown while it was another patient's is to be decided anew.
    3. A look of the computer is owed where none has come to its end.
    4. The permit covers this photo's bytes for a quarter of an hour, in this sign-in.
    """
    [photograph] = queries.locked(by, [photograph_id])
    access.require(by, photograph.patient_id, now=now)  # (1)
    if not may_handle(by, photograph.visit):
        raise PhotographersEvidence(photograph_id)
    _begin(by, photograph, now=now, new_id=new_id)  # (2)
    owed = not any(look.done for look in queries.looks(by, photograph))  # (3)
    decided = not owed and not rules.undecided(queries.findings(by, photograph.pk))
    state(DeskOpened(photograph=photograph.pk, patient=photograph.patient_id, permit=new_id, look_owed=owed, decided=decided))
    return DeskPermit.objects.create(  # (4)
        id=new_id,
        photograph=photograph,
        patient_id=photograph.patient_id,
        record_copy=photograph.record_copy,
        person=by.id,
        sign_in=by.sign_in,
        at=now,
        until=now + rules.DESK_FOR,
    )


def _begin(by: Actor, photograph: Photograph, *, now: datetime, new_id: UUID) -> None:
    last = queries.newest_copy(by, photograph.pk)
    if last is not None and last.patient_id != photograph.patient_id:
        shown = Finding.objects.filter(photograph=photograph, state=Decision.SHOW)
        shown.update(state=Decision.UNDECIDED, decided_by=None, decided_at=None)
    draft = queries.draft_of(by, photograph.pk)
    if draft is not None and not rules.as_now(draft, photograph):
        CoveredCopy.objects.filter(pk=draft.pk).update(
            patient=photograph.patient_id,
            record_copy=photograph.record_copy_id,
            version=draft.version + 1,
            changed_by=by.id,
            changed_at=now,
        )
    elif draft is None:
        CoveredCopy.objects.create(
            id=new_id,
            photograph=photograph,
            patient_id=photograph.patient_id,
            record_copy=photograph.record_copy,
            version=last.version + 1 if last else 1,
            turn=last.turn if last else 0,
            begun_by=by.id,
            begun_at=now,
            changed_by=by.id,
            changed_at=now,
        )
