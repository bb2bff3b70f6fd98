from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.vault.facts import RootKeyMade
from safelight.vault.models import RootKey


@action
def note_root_key(*, by: Actor, key_id: str, now: datetime) -> None:  # noqa: ARG001 - every action is told who acts
    """Enter a root key that the key service has made. From now on the older ones only unwrap."""
    RootKey.objects.get_or_create(pk=key_id, defaults={"made_at": now})
    state(RootKeyMade(key=key_id))
