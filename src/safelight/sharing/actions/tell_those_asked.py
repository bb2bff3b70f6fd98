from datetime import datetime
from uuid import UUID

from django.db.models import Max

from safelight.audit.action import action
from safelight.kernel.actor import Actor
from safelight.sharing.models.notices import After, Says, Step
from safelight.sharing.models.opinions import Opinion, Urgency
from safelight.sharing.notices import clock, promising
from safelight.sharing.notices.rules import ClockRules, Whom


@action
def tell_those_asked(*, by: Actor, opinion_id: UUID, fixed: ClockRules, occasion: str, now: datetime) -> None:  # noqa: ARG001 - the worker asks
    """Promise the first notices of a question, in the transaction of the asking or the passing on.

    1. A guest gets a letter, which is not told from here.
    2. An urgent question begins its clock, as the rules are at this moment; what counted for those before it stops.
    3. Any other is told once, to whoever would be told first.
    """
    opinion = Opinion.objects.select_related("team", "person").get(pk=opinion_id)
    if opinion.guest_id is not None:  # (1)
        return
    if opinion.urgency == Urgency.URGENT:  # (2)
        clock.stop(opinion, now=now)
        last = Step.objects.filter(opinion=opinion).aggregate(last=Max("turn"))["last"]
        clock.lay_out(opinion, turn=0 if last is None else last + 1, fixed=fixed)
        clock.set_going(opinion, After.ASKED, since=max(now, opinion.held_until), now=now)
        return
    told = promising.those_asked(opinion, Whom.FIRST, at=now)  # (3)
    promising.promise(opinion, told, Says.ASKED, occasion=occasion, step=None, now=now)
