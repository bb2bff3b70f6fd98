from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody import rules
from safelight.custody.errors import AlreadyDecided, NotForYou, SayWhy
from safelight.custody.facts import LeftOverDecided
from safelight.custody.models import LeftOver
from safelight.custody.rules import Decision
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound


@action
def decide_leftover(*, by: Actor, leftover_id: UUID, decision: Decision, reason: str, now: datetime) -> None:
    """Decide about a file on a card that is neither a photo nor the camera's own.

    1. "I have looked, erase" is said by name and with a reason: it cannot be undone.
    2. "Give it to the photographer" passes it on; then the photographer or the IG lead decides, as of what may be evidence.
    3. One update decides between two people.
    """
    found = LeftOver.objects.select_related("read_in__card").filter(pk=leftover_id).first()
    if found is None:
        raise NotFound(leftover_id)
    if decision is Decision.ERASE and not reason.strip():  # (1)
        raise SayWhy(leftover_id)
    if not rules.may_decide(by, found, decision, evidence=rules.read_as_evidence(found.read_in)):  # (2)
        raise NotForYou
    open_still = LeftOver.objects.filter(pk=leftover_id, decision=found.decision).exclude(decision=Decision.ERASE.value)
    if not open_still.update(decision=decision.value, reason=reason.strip(), decided_by=by.id, decided_at=now):  # (3)
        raise AlreadyDecided(leftover_id)
    state(LeftOverDecided(leftover=leftover_id, decision=decision.value))
