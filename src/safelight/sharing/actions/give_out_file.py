from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing.mail import queries
from safelight.sharing.mail.scanning import Verdict, require_clean
from safelight.sharing.mail_facts import LetterFileGivenOut


@action
def give_out_file(*, by: Actor, letter_id: UUID, number: int, verdict: Verdict, now: datetime) -> None:
    """Give out a file that came with a letter, to be kept on the reader's own machine.

    1. The information governance lead, or whoever asked the question that the letter answers.
    2. Only what the virus scanner has just called clean: no scanner, no answer and a find are refused, and stand in the ledger.
    """
    letter = queries.letter_with_files(by, letter_id, now=now)  # (1)
    require_clean(verdict)  # (2)
    about = letter.opinion
    state(
        LetterFileGivenOut(
            letter=letter_id, number=number, opinion=about.pk if about else None, patient=about.patient_id if about else None
        )
    )
