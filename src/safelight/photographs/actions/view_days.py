from collections import defaultdict
from datetime import datetime, tzinfo
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.photographs import queries, series
from safelight.photographs.facts import TimelineSeen
from safelight.photographs.permits import Size, grant
from safelight.photographs.series import DayShown
from safelight.photographs.timeline import site_of, slug


@action
def view_days(*, by: Actor, photograph_id: UUID, zone: tzinfo, now: datetime, new_id: UUID) -> tuple[DayShown, ...]:
    """Show the days of a photo's body site, one small picture for each.

    1. The actor may see its patient.
    2. One entry lists the photos that are shown, under the pseudonym that each was filed under.
    3. The permit covers their small pictures, for a minute, in this sign-in.
    """
    photograph = queries.photograph(by, photograph_id)
    access.require(by, photograph.patient_id, now=now)  # (1)
    days = series.days(by, photograph, zone=zone, most=series.MOST_IN_A_STRIP)
    shown = defaultdict(list)
    for one, filed_under in queries.filed_under(by, [day.photograph for day in days]):
        shown[filed_under].append(one)
    for pseudonym, photographs in shown.items():  # (2)
        state(TimelineSeen(patient=pseudonym, site=slug(site_of(photograph)), photographs=tuple(photographs)))
    every = [day.photograph for day in days]
    shown_as = patients.patient(by, photograph.patient_id).pk
    grant(by=by, patient=shown_as, photographs=every, size=Size.THUMB, now=now, new_id=new_id)  # (3)
    return days
