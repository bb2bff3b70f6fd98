"""Who decides about stuck work, and from when on work that waits is late. Pure.

1. The administrator and the IG lead see what needs a person and decide about it.
2. Work that no worker has taken for five minutes is late; letters after one minute.
3. The engine's rows are kept for thirty days, those of the clock's own work for one: a minute that is over is never asked for again.
"""

from datetime import datetime, timedelta

from safelight.kernel.actor import Actor, ActorKind, Role

LATE_AFTER, MAIL_LATE_AFTER = timedelta(minutes=5), timedelta(minutes=1)
KEPT_FOR, CLOCK_KEPT_FOR = timedelta(days=30), timedelta(days=1)
CLOCK, MAIL = "clock", "mail"


def may_mend(actor: Actor) -> bool:
    """Whether the actor decides about stuck work (1)."""
    return actor.kind is ActorKind.STAFF and actor.has(Role.ADMINISTRATOR, Role.IG_LEAD)


def late(queue: str, since: datetime, *, now: datetime) -> bool:
    """Whether work has waited too long (2)."""
    return now - since > (MAIL_LATE_AFTER if queue == MAIL else LATE_AFTER)
