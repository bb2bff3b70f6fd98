from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.vault.facts import StoreAdopted
from safelight.vault.models import Belonging


@action
def adopt_store(*, by: Actor, identity: bytes, missing: int, now: datetime) -> None:  # noqa: ARG001 - every action is told who acts
    """Let the database belong to another store, which an operator has filled; `missing` objects are not in it, and they know."""
    Belonging.objects.filter(name__startswith=Belonging.MACHINE).delete()  # each leaves a new mark at its next start
    Belonging.objects.update_or_create(pk=Belonging.STORE, defaults={"proof": identity, "noted_at": now})
    state(StoreAdopted(missing=missing))
