from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import queries, rules
from safelight.patients.errors import NotForYou
from safelight.patients.facts import PatientShown, SearchDone
from safelight.patients.models import Patient


@action
def find_patients(*, by: Actor, found: tuple[UUID, ...], by_number: bool, now: datetime) -> list[Patient]:  # noqa: ARG001 - the entry's time
    """Show whom a search found: each with name, birth date, number and ward.

    1. The actor treats or photographs. Whom a directory found (`queries.by_number`, `queries.by_name`) was asked before this.
    2. The entry is about each patient who is shown, so that they can be told who looked (I5); what was typed is not kept.
    """
    if not rules.finds_patients(by):  # (1)
        raise NotForYou
    rows = queries.goes_on_as(by, found)
    shown = list({row.pk: row for row in (rows[one] for one in found if one in rows)}.values())[: queries.MOST_FOUND]
    state(SearchDone(by_number=by_number, found=len(found)))
    for row in shown:  # (2)
        state(PatientShown(patient=row.pk))
    return shown
