from datetime import datetime, timedelta

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.vault.errors import KeyInUse
from safelight.vault.facts import RootKeyRetired
from safelight.vault.models import Belonging, RootKey, StoredObject

BACKUPS_LIVE_FOR = timedelta(days=35)


@action
def retire_root_key(*, by: Actor, key_id: str, fields_on_it: int, newest: str, now: datetime) -> None:  # noqa: ARG001 - every action is told who acts
    """Let a root key go: the key service takes it away after this has committed.

    1. No object hangs on it, and no sealed field: those were counted just before.
    2. The newest was made 35 days ago or earlier. Until then a backup of the database may need it, and a photo that was being kept
       when the newest was made may not have its row yet.
    """
    if needed(key_id=key_id, fields_on_it=fields_on_it, newest=newest, now=now):
        raise KeyInUse(key_id)
    RootKey.objects.filter(pk=key_id).update(retired_at=now)
    Belonging.objects.filter(pk=f"{Belonging.ROOT}{key_id}").delete()
    state(RootKeyRetired(key=key_id))


def needed(*, key_id: str, fields_on_it: int, newest: str, now: datetime) -> bool:
    """Whether an object, a field (1) or a backup (2) needs a root key."""
    if key_id == newest or fields_on_it or StoredObject.objects.filter(key_id=key_id).exclude(wrapped_key=None).exists():
        return True
    return not RootKey.objects.filter(pk=newest, made_at__lte=now - BACKUPS_LIVE_FOR).exists()
