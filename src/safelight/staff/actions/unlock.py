from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.staff.errors import NotThem
from safelight.staff.facts import Unlocked
from safelight.staff.models import Method, SignIn
from safelight.staff.shown import Shown, spend


@action
def unlock(*, by: Actor, sign_in_id: UUID, shown: Shown | None, now: datetime) -> None:
    """Open a locked sign-in again.

    1. Its own person was shown: by password, or by a passkey.
    2. It has not ended in the meantime.
    3. A passkey is a fresh proof as well; a password alone is none.
    """
    if shown is None or shown.person != by.id:  # (1)
        raise NotThem
    spend(shown, now=now)
    proof = {"proved_at": now} if shown.method is Method.PASSKEY else {}  # (3)
    if not SignIn.objects.open().filter(pk=sign_in_id, person=by.id).update(locked_at=None, seen_at=now, **proof):  # (2)
        raise NotThem
    state(Unlocked(sign_in=sign_in_id, method=shown.method))
