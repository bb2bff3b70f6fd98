from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.sharing import queries, rules
from safelight.sharing.facts import OpinionEndSeen
from safelight.sharing.lifecycle import SHARE
from safelight.sharing.models import Opinion


@action
def note_end_seen(*, by: Actor, opinion_id: UUID, now: datetime) -> None:
    """Confirm having seen that a question ended without an answer. Until then it stays among those that the asker waits for.

    1. The asker; it ended by time or by the computer, unanswered; once.
    """
    opinion = queries.asked_by(by, opinion_id)
    if not rules.end_unseen(opinion) or not Opinion.objects.filter(pk=opinion_id, read_at=None).update(read_at=now):  # (1)
        raise NotPossibleNow(SHARE.name, opinion_id)
    state(OpinionEndSeen(opinion=opinion_id, patient=opinion.patient_id))
