from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor, ActorKind
from safelight.sharing import queries
from safelight.sharing.facts import SharedCopySeen
from safelight.sharing.models import Opening
from safelight.sharing.permits import SharedPermit


@action
def view_shared_copy(*, by: Actor, item_id: UUID, now: datetime, new_id: UUID) -> SharedPermit:
    """See one covered copy of a question that one has opened. Each view is an entry of its own.

    1. The actor has opened it, it is open, and the patient agrees. Whoever is not asked learns nothing, not even that it exists.
    2. The permit names an approval: there is no way from here to a record copy.
    """
    opinion, approval = queries.readable(by, item_id, now=now)  # (1)
    Opening.objects.create(id=new_id, opinion=opinion, item_id=item_id, by=by.id, by_guest=by.kind is ActorKind.GUEST, at=now)
    state(SharedCopySeen(opinion=opinion.pk, patient=opinion.patient_id, item=item_id, approval=approval.pk))
    return SharedPermit(  # (2)
        reader=by, patient=opinion.patient_id, photograph=approval.copy.photograph_id, approval=approval.pk, item=item_id
    )
