from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import queries, rules
from safelight.patients.errors import NotForYou
from safelight.patients.facts import WardListShown
from safelight.patients.models import Patient


@action
def list_wards(*, by: Actor, page: tuple[UUID, ...], now: datetime) -> list[Patient]:  # noqa: ARG001 - the entry's time
    """Show a page of the patients on the actor's own wards.

    1. The actor treats or photographs; whoever is not on one of their wards any more is left out.
    2. One entry names all who are shown. It is about none of them: reading one's ward list is no looking at a patient.
    """
    if not rules.finds_patients(by):  # (1)
        raise NotForYou
    rows = queries.goes_on_as(by, page)
    shown = [rows[one] for one in page if one in rows and rows[one].pk == one and rows[one].ward in by.wards]
    state(WardListShown(patients=tuple(row.pk for row in shown)))  # (2)
    return shown
