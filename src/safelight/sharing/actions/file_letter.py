from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.errors import NotFound
from safelight.sharing.actions.give_opinion import give_opinion
from safelight.sharing.answering import AnswerSaid
from safelight.sharing.mail import queries
from safelight.sharing.mail_errors import LetterPlacedAlready
from safelight.sharing.mail_facts import LetterFiled
from safelight.sharing.models import Answer, ArrivedLetter, Placed


@action
def file_letter(*, by: Actor, letter_id: UUID, opinion_id: UUID, said: AnswerSaid, now: datetime) -> Answer:
    """Say which question a letter answers. It is filed as the guest's answer, by the hand of whoever says so.

    1. The information governance lead; a letter that waits, once.
    2. The question was asked of the sender's whole domain, and is open: nobody files a stranger's words as a colleague's.
    """
    letter = queries.letter(by, letter_id)  # (1)
    waits = ArrivedLetter.objects.filter(pk=letter_id, placed=Placed.WAITS)
    if not waits.update(placed=Placed.BY_A_PERSON, placed_by=by.id, placed_at=now, opinion=opinion_id):
        raise LetterPlacedAlready
    opinion = next((one for one in queries.open_questions_to(by, letter.domain) if one.pk == opinion_id), None)
    if opinion is None or opinion.guest_id is None:  # (2)
        raise NotFound(opinion_id)
    guest = Actor(kind=ActorKind.GUEST, id=opinion.guest_id, request=by.request)
    answer = give_opinion(by=guest, opinion_id=opinion_id, said=said, now=now)
    state(LetterFiled(letter=letter_id, opinion=opinion_id, patient=opinion.patient_id, answer=answer.pk))
    return answer
