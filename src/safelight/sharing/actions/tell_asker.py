from datetime import datetime
from uuid import UUID

from safelight.audit.action import action
from safelight.kernel.actor import Actor
from safelight.sharing import taking_up
from safelight.sharing.models.notices import Says
from safelight.sharing.models.opinions import Opinion
from safelight.sharing.notices import promising
from safelight.sharing.notices.promising import Told
from safelight.staff.models import Person


@action
def tell_asker(*, by: Actor, opinion_id: UUID, says: Says, occasion: str, now: datetime) -> None:  # noqa: ARG001 - the worker acts
    """Promise to tell the one who asked that somebody is on it, or that there is an answer: by all of their channels.

    1. Where they have left, those are told who take their questions up, by mail: what came of it, not that somebody is on it.
    """
    opinion = Opinion.objects.get(pk=opinion_id)
    asker = Person.objects.filter(pk=opinion.asked_by, is_active=True).first()
    told = Told((asker,)) if asker else Told(tuple(taking_up.those_who_take_up(opinion)), by_mail_only=True)
    if asker or says is not Says.TAKEN_ON:  # (1)
        promising.promise(opinion, told, says, occasion=occasion, step=None, now=now)
