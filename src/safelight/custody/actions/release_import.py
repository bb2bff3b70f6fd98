from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody import rules
from safelight.custody.errors import NotForYou, NotHeld
from safelight.custody.facts import ImportReleased
from safelight.custody.models import Import
from safelight.kernel.actor import Actor


@action
def release_import(*, by: Actor, import_id: UUID, now: datetime) -> None:  # noqa: ARG001 - the ledger takes both
    """Let a card that nobody knows be wiped, which was read while an evidential camera was out (C9, D5).

    1. The medical photographer or the IG lead says so, by name.
    2. It is held, and no card of the register: that one is released itself.
    """
    if not rules.may_release(by):  # (1)
        raise NotForYou
    if not Import.objects.filter(pk=import_id, card=None, held=True).update(held=False):  # (2)
        raise NotHeld(import_id)
    state(ImportReleased(read_in=import_id))
