from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.vault.actions.retire_root_key import BACKUPS_LIVE_FOR
from safelight.vault.errors import KeyInUse
from safelight.vault.facts import IndexKeyRetired
from safelight.vault.indexes import in_play
from safelight.vault.models import Belonging, IndexKey


@action
def retire_index_key(*, by: Actor, number: int, rows_on_it: int, now: datetime) -> None:  # noqa: ARG001 - every action is told who acts
    """Let an index key go: the key service takes it away after this has committed.

    1. No row is found by it: those were counted just before, and none has been written by it since the newest came into play.
    2. The newest came into play 35 days ago or earlier. Until then a backup of the database may need the old one, and so may links and
       references in letters to colleagues elsewhere, which are good for 31 days at most.
    """
    if index_needed(number=number, rows_on_it=rows_on_it, now=now):
        raise KeyInUse(number)
    IndexKey.objects.update_or_create(pk=number, defaults={"retired_at": now})
    Belonging.objects.filter(pk=Belonging.index_name(number)).delete()
    state(IndexKeyRetired(number=number))


def index_needed(*, number: int, rows_on_it: int, now: datetime) -> bool:
    """Whether a row (1), or a backup or a letter (2) needs an index key."""
    newest = in_play()[0]
    if number >= newest or rows_on_it:
        return True
    return not IndexKey.objects.filter(pk=newest, made_at__lte=now - BACKUPS_LIVE_FOR).exists()
