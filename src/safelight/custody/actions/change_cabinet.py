from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody import rules
from safelight.custody.errors import NotForYou
from safelight.custody.facts import RegisterChanged
from safelight.custody.models import Cabinet
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def change_cabinet(*, by: Actor, cabinet_id: UUID, name: str, ward: str, two_signatures: bool, now: datetime) -> None:  # noqa: ARG001 - every action is told who acts
    """Correct what the register says of a cabinet, and whether it asks for two signatures (A3)."""
    if not rules.may_register(by):
        raise NotForYou
    if not Cabinet.objects.filter(pk=cabinet_id).update(name=name.strip(), ward=ward, two_signatures=two_signatures):
        raise NotFound(cabinet_id)
    state(RegisterChanged(what="cabinet", row=cabinet_id, now="two signatures" if two_signatures else "one signature"))
