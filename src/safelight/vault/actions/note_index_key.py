from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.vault.facts import IndexKeyMade
from safelight.vault.models import IndexKey


@action
def note_index_key(*, by: Actor, number: int, now: datetime) -> None:  # noqa: ARG001 - every action is told who acts
    """Bring an index key into play, which the key service has made. From now on what is written is written by it."""
    IndexKey.objects.get_or_create(pk=number, defaults={"made_at": now})
    state(IndexKeyMade(number=number))
