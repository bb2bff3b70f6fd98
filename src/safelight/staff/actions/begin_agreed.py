from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor, ActorKind
from safelight.staff import rules
from safelight.staff.errors import NotAgreed, NotForYou
from safelight.staff.facts import AgreedBegun
from safelight.staff.models import Agreement, ForKeys


@action
def begin_agreed(*, by: Actor, what: ForKeys, newest: str, now: datetime) -> Agreement:
    """Begin what two people agreed to, or go on with what was begun and not ended. `newest` is the newest key at this moment.

    1. The command line does it, and only what was agreed to: an agreement is for one thing.
    2. Both work here still and answer for keys, and they agreed within four hours.
    3. What was begun comes first, with the key that was the newest then: one agreement makes one key.
    """
    if by.kind is not ActorKind.OPERATOR:  # (1)
        raise NotForYou
    rows = Agreement.objects.select_for_update(of=("self",)).filter(what=what, ended_at=None)
    good = [row for row in rows.select_related("asked_by", "agreed_by").order_by("agreed_at") if rules.still_agreed(row, now=now)]  # (2)
    if not good:
        raise NotAgreed
    found = next((row for row in good if row.begun_at is not None), good[0])  # (3)
    again = found.begun_at is not None
    if not again:
        found.begun_at, found.newest = now, newest
        found.save(update_fields=["begun_at", "newest"])
    state(AgreedBegun(agreement=found.pk, what=what, asked_by=found.asked_by_id, agreed_by=found.agreed_by_id, again=again))
    return found
