from datetime import datetime
from uuid import UUID

from safelight.audit.action import action
from safelight.kernel.actor import Actor
from safelight.sharing.models.notices import Says
from safelight.sharing.models.opinions import Opinion
from safelight.sharing.notices import promising
from safelight.sharing.notices.promising import Told
from safelight.staff.models import Person


@action
def tell_asker(*, by: Actor, opinion_id: UUID, says: Says, occasion: str, now: datetime) -> None:  # noqa: ARG001 - the worker acts
    """Promise to tell the one who asked that somebody is on it, or that there is an answer: by all of their channels."""
    opinion = Opinion.objects.get(pk=opinion_id)
    asker = Person.objects.filter(pk=opinion.asked_by, is_active=True).first()
    if asker is not None:
        promising.promise(opinion, Told((asker,)), says, occasion=occasion, step=None, now=now)
