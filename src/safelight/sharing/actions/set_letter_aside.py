from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing.mail import queries
from safelight.sharing.mail_errors import LetterPlacedAlready
from safelight.sharing.mail_facts import LetterSetAside
from safelight.sharing.models import ArrivedLetter, Placed


@action
def set_letter_aside(*, by: Actor, letter_id: UUID, now: datetime) -> None:
    """Say that a letter answers no question. It stays kept.

    1. The information governance lead; a letter that waits, once.
    """
    queries.letter(by, letter_id)
    waits = ArrivedLetter.objects.filter(pk=letter_id, placed=Placed.WAITS)
    if not waits.update(placed=Placed.SET_ASIDE, placed_by=by.id, placed_at=now):
        raise LetterPlacedAlready
    state(LetterSetAside(letter=letter_id))
