from datetime import datetime
from uuid import UUID

from safelight.audit.action import action
from safelight.kernel.actor import Actor
from safelight.sharing.actions.give_opinion import give_opinion
from safelight.sharing.answering import AnswerSaid
from safelight.sharing.errors import WhatToChangeMissing
from safelight.sharing.models import Answer, Quick


@action
def ask_for_better_photo(*, by: Actor, opinion_id: UUID, said: AnswerSaid, now: datetime) -> Answer:
    """Ask for another photo, and say what to change. It is an answer like others: the asker is told, and it is in the record.

    1. What is to change is said in words.
    """
    if said.quick != Quick.BETTER_PHOTO or not said.words:  # (1)
        raise WhatToChangeMissing
    return give_opinion(by=by, opinion_id=opinion_id, said=said, now=now)
