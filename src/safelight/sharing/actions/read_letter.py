from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing.facts import OpinionsListed
from safelight.sharing.mail import queries
from safelight.sharing.mail_facts import LetterRead
from safelight.sharing.models import ArrivedLetter, Opinion


@action
def read_letter(*, by: Actor, letter_id: UUID, now: datetime) -> tuple[ArrivedLetter, list[Opinion]]:  # noqa: ARG001 - the entry keeps the time
    """Read a letter that nobody could place, with the questions that it may answer.

    1. The information governance lead: the letter may be about any patient.
    2. Only questions to the sender's whole domain are offered.
    3. Where the letter names a question, it was read about that patient.
    """
    letter = queries.letter(by, letter_id)  # (1)
    offered = queries.open_questions_to(by, letter.domain) if letter.domain else []  # (2)
    state(LetterRead(letter=letter_id, opinions=tuple(one.pk for one in offered)))
    if letter.opinion is not None:  # (3)
        state(OpinionsListed(patient=letter.opinion.patient_id, opinions=(letter.opinion.pk,)))
    return letter, offered
