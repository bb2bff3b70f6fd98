from datetime import datetime

from safelight.access import queries, rules
from safelight.access.errors import NotForYou
from safelight.access.facts import BreakGlassListShown
from safelight.access.models import CareRelationship
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor


@action
def list_break_glass(*, by: Actor, now: datetime) -> list[CareRelationship]:
    """Show the IG lead who opened whose record, and why: what waits for review first, then the last month.

    1. An IG lead. The words may hold something of the patient, so the entry names what was shown.
    """
    if not rules.reviews(by):  # (1)
        raise NotForYou
    shown = queries.opened_records(by, now=now)
    state(BreakGlassListShown(relationships=tuple(row.pk for row in shown)))
    return shown
