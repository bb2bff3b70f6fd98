from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.kernel.actor import Actor
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.sharing import queries
from safelight.sharing.facts import OpinionExpired
from safelight.sharing.lifecycle import SHARE, ShareMove, ShareState
from safelight.sharing.rules import Ended


@action
def expire_opinions(*, by: Actor, opinion_ids: tuple[UUID, ...], now: datetime) -> None:
    """Note of some questions that their time is over and nobody answered. Nobody could open them since: that is asked at each request.

    1. For the worker. One that was answered or taken back in the meantime stays as it is; where that is all, nothing is noted.
    """
    noted = False
    for one in opinion_ids:
        opinion = queries.asked_by(by, one)  # (1)
        if opinion.state not in {ShareState.OFFERED, ShareState.OPENED} or now < opinion.expires_at:
            continue
        move(opinion, SHARE, ShareMove.EXPIRE, by=by, at=now, ended_at=opinion.expires_at, ended_why=Ended.TIME)
        state(OpinionExpired(opinion=one, patient=opinion.patient_id, opened=opinion.opened_at is not None))
        noted = True
    if not noted:
        raise NotPossibleNow(SHARE.name, *opinion_ids)
