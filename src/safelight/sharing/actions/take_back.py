from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.kernel.actor import Actor
from safelight.sharing import queries, rules
from safelight.sharing.facts import OpinionTakenBack
from safelight.sharing.lifecycle import SHARE, ShareMove
from safelight.sharing.models import Opinion
from safelight.sharing.rules import Ended


@action
def take_back(*, by: Actor, opinion_id: UUID, why: Ended, now: datetime) -> Opinion:
    """Take a question back. It holds at the next request, of viewers that stand open too.

    1. The asker; or the worker, when the patient lowered the consent, a photo was moved or is not to be shared.
    2. It has not ended yet. Within the hold nothing has gone out: then the fact says so, and nothing will.
    3. Who opened it, and when, stays recorded: taking back undoes no looking.
    """
    opinion = queries.asked_by(by, opinion_id)  # (1)
    sent = not rules.held(opinion, now=now)
    move(opinion, SHARE, ShareMove.TAKE_BACK, by=by, at=now, ended_at=now, ended_why=why)  # (2)
    opened = opinion.openings.exists()  # (3)
    state(OpinionTakenBack(opinion=opinion_id, patient=opinion.patient_id, why=why, opened=opened, sent=sent))
    return opinion
