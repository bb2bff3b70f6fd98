from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.sharing.mail import queries, rules
from safelight.sharing.mail_facts import LetterNotSent
from safelight.sharing.models import Posting


@action
def note_letter_not_sent(*, by: Actor, posting_id: UUID, tries: int, why: str, for_good: bool, now: datetime) -> None:
    """Note that a letter did not go out.

    1. `tries` is how many had failed before: a run that comes second counts nothing twice.
    2. It is tried again, the pause doubling; after five days, or where the answer was no, it is given up and the asker sees why.
    """
    posting = queries.posting(by, posting_id)
    over = for_good or rules.tried_long_enough(posting.promised_at, now=now)
    changed = {"tries": tries + 1, "refused_why": why, "refused_at": now if over else None, "next_try_at": rules.next_try(tries, now=now)}
    if not Posting.objects.filter(pk=posting_id, tries=tries, sent_at=None, refused_at=None).update(**changed):  # (1)
        raise NotPossibleNow("letter", posting_id)
    state(LetterNotSent(opinion=posting.opinion_id, patient=posting.opinion.patient_id, posting=posting_id, why=why, for_good=over))  # (2)
