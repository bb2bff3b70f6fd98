from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.staff.errors import NotThem
from safelight.staff.facts import Proved
from safelight.staff.models import Method, SignIn
from safelight.staff.shown import Shown, spend

PROOF = {Method.PASSWORD_AND_CODE, Method.PASSKEY}


@action
def prove(*, by: Actor, sign_in_id: UUID, shown: Shown | None, now: datetime) -> None:
    """Note a fresh proof in a sign-in: its own person showed password and code, or a passkey, just now."""
    if shown is None or shown.person != by.id or shown.method not in PROOF:
        raise NotThem
    spend(shown, now=now)
    if not SignIn.objects.open().filter(pk=sign_in_id, person=by.id).update(proved_at=now, seen_at=now):
        raise NotThem
    state(Proved(sign_in=sign_in_id, method=shown.method))
