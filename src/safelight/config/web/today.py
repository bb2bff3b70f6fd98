"""The patients whom somebody photographed today: on Home, and where a team is asked about one of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.design.times import since_today
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.patients.identity import Identity
from safelight.photographs import queries as photographs
from safelight.photographs import visits
from safelight.photographs.actions.show_my_day import show_my_day
from safelight.photographs.models import Visit
from safelight.photographs.sites import name_of


@dataclass(frozen=True, slots=True)
class Today:
    """One of today's patients: the newest visit, the sites in words, and how many photos are in the record. `patient` goes on for the
    one of the visit, where these were found to be one person.
    """

    patient: UUID
    visit: Visit
    who: Identity
    sites: str
    photos: int
    lit: bool


def todays_patients(by: Actor, now: datetime) -> list[Today]:
    """Those whom the actor may still see, each once, the latest first; the ledger says that their names were shown."""
    opened = visits.visits_by(by, since=since_today(now))
    goes_on = {one: row.pk for one, row in patients.goes_on_as(by, {visit.patient_id for visit in opened}).items()}
    seen = access.may_see_many(by, goes_on.values(), now=now)
    newest = {goes_on[visit.patient_id]: visit for visit in reversed(opened) if goes_on[visit.patient_id] in seen}
    if not newest:
        return []
    show_my_day(by=by, patients=list(newest), now=now)
    names = patients.identities(by, newest)
    counts = photographs.counts_of_visits(by, [visit.pk for visit in opened])
    return [
        Today(
            patient,
            visit,
            names[patient],
            ", ".join(name_of(one.site, one.laterality) for one in visits.sites_of(visit)),
            sum(counts.get(each.pk, 0) for each in opened if goes_on[each.patient_id] == patient),
            lit=visits.may_show(by, visit) and not visits.is_over(visit, now=now),
        )
        for patient, visit in sorted(newest.items(), key=lambda one: one[1].opened_at, reverse=True)
    ]
