from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.access.errors import NoCareRelationship
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.photographs.facts import MyDayShown


@action
def show_my_day(*, by: Actor, patients: Collection[UUID], now: datetime) -> None:
    """Show the names of some of today's patients in a list.

    1. Only patients whom the actor may see.
    2. Each patient who is named stands in the entry.
    """
    hidden = set(patients) - access.may_see_many(by, patients, now=now)
    if hidden:  # (1)
        raise NoCareRelationship(hidden.pop())
    for patient in patients:  # (2)
        state(MyDayShown(patient=patient))
