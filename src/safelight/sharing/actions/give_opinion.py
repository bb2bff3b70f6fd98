from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.kernel.actor import Actor, ActorKind
from safelight.sharing import queries
from safelight.sharing.answering import AnswerSaid
from safelight.sharing.errors import MarkOutside, NothingSaid
from safelight.sharing.facts import OpinionAnswered
from safelight.sharing.lifecycle import SHARE, ShareMove
from safelight.sharing.models import Answer


@action
def give_opinion(*, by: Actor, opinion_id: UUID, said: AnswerSaid, now: datetime) -> Answer:
    """Answer a question. The answer is in the patient's record from this moment on, with its author and time.

    1. The actor is asked, and it is open.
    2. There is a tap or there are words; a mark is on one of its photos.
    3. It is filed as it was given. Nobody changes it: a correction is another answer.
    4. The first answer stops the clock and waits until the asker has read it.
    """
    opinion = queries.asked_of(by, opinion_id, now=now)  # (1)
    if not said.quick and not said.words:  # (2)
        raise NothingSaid
    mark = said.mark
    if mark and not (opinion.items.filter(pk=mark.item).exists() and mark.inside):
        raise MarkOutside
    answer = Answer.objects.create(  # (3)
        id=said.id,
        opinion=opinion,
        by=by.id,
        by_guest=by.kind is ActorKind.GUEST,
        at=now,
        quick=said.quick or "",
        words=said.words,
        item_id=mark.item if mark else None,
        x=mark.x if mark else None,
        y=mark.y if mark else None,
    )
    first = opinion.answered_at is None
    move(opinion, SHARE, ShareMove.ANSWER, by=by, at=now, answered_at=opinion.answered_at or now, read_at=None)  # (4)
    state(OpinionAnswered(opinion=opinion_id, patient=opinion.patient_id, answer=answer.pk, quick=answer.quick, first=first))
    return answer
