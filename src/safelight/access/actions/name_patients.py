from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from safelight.access import queries
from safelight.access.errors import NoCareRelationship
from safelight.access.facts import PatientNamed
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor


@action
def name_patients(*, by: Actor, patients: Collection[UUID], now: datetime) -> None:
    """Show who some patients are: at the head of a page that shows nothing else of them, or in a list.

    1. Only patients whom the actor may see.
    2. Each patient who is named stands in the entry.
    """
    hidden = set(patients) - queries.may_see_many(by, patients, now=now)
    if hidden:  # (1)
        raise NoCareRelationship(min(hidden))
    for patient in patients:  # (2)
        state(PatientNamed(patient=patient))
