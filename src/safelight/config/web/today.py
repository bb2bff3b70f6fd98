"""The patients whom somebody photographed today: on Home, and where a team is asked about one of them."""

from dataclasses import dataclass
from datetime import datetime

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
    """One of today's patients: the newest visit, the sites in words, and how many photos are in the record."""

    visit: Visit
    who: Identity
    sites: str
    photos: int
    lit: bool


def todays_patients(by: Actor, now: datetime) -> list[Today]:
    """Those whom the actor may still see, the latest first; the ledger says that their names were shown."""
    opened = visits.visits_by(by, since=since_today(now))
    seen = access.may_see_many(by, [visit.patient_id for visit in opened], now=now)
    newest = {visit.patient_id: visit for visit in reversed(opened) if visit.patient_id in seen}
    if not newest:
        return []
    show_my_day(by=by, patients=list(newest), now=now)
    names = patients.identities(by, newest)
    counts = photographs.counts_of_visits(by, [visit.pk for visit in opened])
    return [
        Today(
            visit,
            names[visit.patient_id],
            ", ".join(name_of(one.site, one.laterality) for one in visits.sites_of(visit)),
            sum(counts.get(each.pk, 0) for each in opened if each.patient_id == visit.patient_id),
            lit=visits.may_show(by, visit) and not visits.is_over(visit, now=now),
        )
        for visit in sorted(newest.values(), key=lambda visit: visit.opened_at, reverse=True)
    ]
