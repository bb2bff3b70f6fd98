from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.sharing.mail import queries
from safelight.sharing.mail_facts import LetterSent
from safelight.sharing.models import Posting
from safelight.vault.kept import Kept
from safelight.vault.models import StoredObject


@action
def note_letter_sent(
    *, by: Actor, posting_id: UUID, copy: Kept, copies: int, secure: bool, encrypted: bool, list_dated: str, now: datetime
) -> None:
    """Note that the next server has a letter, and file its copy.

    1. Once: a run that comes second changes nothing.
    2. What left, and how it was protected, stands in the ledger.
    """
    posting = queries.posting(by, posting_id)
    stored = StoredObject.from_kept(copy, at=now)
    stored.save(force_insert=True)
    if not Posting.objects.filter(pk=posting_id, sent_at=None, refused_at=None).update(sent_at=now, copy=stored):  # (1)
        raise NotPossibleNow("letter", posting_id)
    state(  # (2)
        LetterSent(
            opinion=posting.opinion_id,
            patient=posting.opinion.patient_id,
            posting=posting_id,
            copies=copies,
            secure=secure,
            encrypted=encrypted,
            list_dated=list_dated,
        )
    )
