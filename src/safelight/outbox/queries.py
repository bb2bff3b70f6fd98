"""Work that needs a person, and work that waits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.outbox import promised, rules
from safelight.outbox.models import Stuck

MOST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """A queue whose oldest flow no worker has taken."""

    queue: str
    count: int
    since: datetime


def stuck(actor: Actor) -> list[Stuck]:
    """What somebody must decide about, the oldest first; nothing for everybody who does not."""
    return list(_open(actor).order_by("since")[:MOST])


def stuck_count(actor: Actor) -> int:
    """How much somebody must decide about."""
    return _open(actor).count()


def one(actor: Actor, stuck_id: UUID) -> Stuck:
    """One of them. Raises NotFound."""
    found = _open(actor).filter(pk=stuck_id).first()
    if found is None:
        raise NotFound(stuck_id)
    return found


def late(*, now: datetime) -> list[Waiting]:
    """Queues whose oldest flow has waited too long: read from the engine itself, for where no worker lives nobody writes it down."""
    oldest: dict[str, Waiting] = {}
    for flow in promised.waiting():
        queue, since = flow.queue_name or "", promised.since(flow)
        before = oldest.get(queue)
        oldest[queue] = Waiting(queue, 1, since) if before is None else Waiting(queue, before.count + 1, min(before.since, since))
    return sorted((row for row in oldest.values() if rules.late(row.queue, row.since, now=now)), key=lambda row: row.since)


def _open(actor: Actor) -> QuerySet[Stuck]:
    rows = Stuck.objects.filter(settled="")
    return rows if rules.may_mend(actor) else rows.none()
