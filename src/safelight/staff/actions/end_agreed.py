from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor, ActorKind
from safelight.staff.errors import NotAgreed, NotForYou
from safelight.staff.facts import AgreedEnded
from safelight.staff.models import Agreement, ForKeys


@action
def end_agreed(*, by: Actor, what: ForKeys, now: datetime) -> None:
    """Note that what two people agreed to was done: what was begun is used up, and nothing else can be done by it."""
    if by.kind is not ActorKind.OPERATOR:
        raise NotForYou
    begun = list(Agreement.objects.filter(what=what, ended_at=None, begun_at__isnull=False))
    if not begun:
        raise NotAgreed
    Agreement.objects.filter(pk__in=[one.pk for one in begun]).update(ended_at=now)
    for one in begun:
        state(AgreedEnded(agreement=one.pk, what=what))
