from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from safelight.audit.action import action, state
from safelight.custody import rules
from safelight.custody.errors import AlreadyRegistered, NotForYou
from safelight.custody.facts import Registered
from safelight.custody.models import Cabinet
from safelight.kernel.actor import Actor


@action
def register_cabinet(*, by: Actor, code: str, name: str, ward: str, two_signatures: bool, now: datetime, new_id: UUID) -> Cabinet:  # noqa: ARG001 - every action is told the time
    """Put a lockable home of cameras on the register (A2). Its code is new on the site."""
    if not rules.may_register(by):
        raise NotForYou
    try:
        with transaction.atomic():
            made = Cabinet.objects.create(id=new_id, code=code.strip().upper(), name=name.strip(), ward=ward, two_signatures=two_signatures)
    except IntegrityError:
        raise AlreadyRegistered(new_id) from None
    state(Registered(what="cabinet", row=new_id))
    return made
