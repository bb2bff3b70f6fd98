from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.kernel.actor import Actor
from safelight.sharing import queries
from safelight.sharing.errors import AnotherAnswer, NotAnswered
from safelight.sharing.facts import AnswerRead
from safelight.sharing.lifecycle import SHARE, ShareMove, ShareState
from safelight.sharing.models import Opinion


@action
def note_answer_read(*, by: Actor, opinion_id: UUID, answers: int, now: datetime) -> None:
    """Confirm "I have read it and will act". The share ends with it: nobody needs the photos for this question any more.

    1. The asker, and there is an answer that was not confirmed yet: one that came after a share ended counts as well.
    2. Every answer was on the page: `answers` counts those that the asker has seen.
    3. What is open is closed.
    """
    opinion = queries.asked_by(by, opinion_id)
    unread = Opinion.objects.filter(pk=opinion_id, answered_at__isnull=False, read_at=None)
    if not unread.update(read_at=now):  # (1)
        raise NotAnswered(opinion_id)
    if answers != queries.answers_so_far(by, opinion):  # (2)
        raise AnotherAnswer(opinion_id)
    if opinion.state == ShareState.ANSWERED:  # (3)
        move(opinion, SHARE, ShareMove.CLOSE, by=by, at=now, ended_at=now)
    state(AnswerRead(opinion=opinion_id, patient=opinion.patient_id))
