from datetime import datetime
from uuid import UUID

from django.db.models import F

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.kernel.actor import Actor, ActorKind
from safelight.sharing import queries
from safelight.sharing.errors import OpenedOften
from safelight.sharing.facts import OpinionOpened
from safelight.sharing.lifecycle import SHARE, ShareMove
from safelight.sharing.models import Opening, Opinion


@action
def open_opinion(*, by: Actor, opinion_id: UUID, now: datetime, new_id: UUID) -> Opinion:
    """Open a question that one is asked. Only a form does this: who follows a link, or scans one, uses nothing up.

    1. The actor is asked: by name, as one of the team or on call for it, or as the guest; and it is open.
    2. The patient agrees, now as when it was asked (B2, B6).
    3. Where openings are counted, one is used up: one update decides between two at once.
    4. The first of those asked moves it. Each opening is kept, so that the asker sees who and when.
    """
    opinion = queries.asked_of(by, opinion_id, now=now)  # (1)
    queries.require_consent(opinion, now=now)  # (2)
    guest = by.kind is ActorKind.GUEST
    if opinion.openings_left is not None:  # (3)
        left = Opinion.objects.filter(pk=opinion_id, openings_left__gt=0)
        if not left.update(openings_left=F("openings_left") - 1):
            raise OpenedOften(opinion_id)
    first = opinion.opened_at is None
    if first:  # (4)
        move(opinion, SHARE, ShareMove.OPEN, by=by, at=now, opened_at=now, opened_by=by.id)
    Opening.objects.create(id=new_id, opinion=opinion, by=by.id, by_guest=guest, at=now)
    state(OpinionOpened(opinion=opinion_id, patient=opinion.patient_id, first=first))
    return opinion
