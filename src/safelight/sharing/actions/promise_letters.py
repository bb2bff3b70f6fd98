from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.sharing.mail import letters, queries
from safelight.sharing.mail_facts import LettersPromised
from safelight.sharing.models import Posting


@action
def promise_letters(*, by: Actor, opinion_id: UUID, parts: tuple[tuple[UUID, str, tuple[UUID, ...]], ...], now: datetime) -> None:
    """Promise the letters about a question to a colleague elsewhere. Each part has an id, a Message-ID and the photos in it.

    1. Once for a question: who comes second finds them there.
    2. The Message-ID is the letter's for good, so that a letter which is sent again can be known as the same.
    """
    opinion, guest = queries.guest_of_opinion(by, opinion_id)
    if Posting.objects.filter(opinion=opinion).exists():  # (1) the unique part decides a race
        raise NotPossibleNow("letters", opinion_id)
    Posting.objects.bulk_create(
        Posting(
            id=number,
            opinion=opinion,
            guest=guest,
            part=part,
            items=[str(item) for item in items],
            message_id=message_id,  # (2)
            return_tag=letters.return_tag(message_id),
            promised_at=now,
            next_try_at=now,
        )
        for part, (number, message_id, items) in enumerate(parts, 1)
    )
    state(LettersPromised(opinion=opinion_id, patient=opinion.patient_id, guest=guest.pk, letters=len(parts)))
