"""A patient's photos: all of them, those of one body site, and who looked."""

from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from safelight.access import queries as access
from safelight.audit.request import StaffRequest
from safelight.consent import queries as consent
from safelight.design.times import since_today
from safelight.kernel import clock
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.photographs import looked, queries, visits
from safelight.photographs.actions.see_who_looked import see_who_looked
from safelight.photographs.actions.view_timeline import view_timeline
from safelight.photographs.sites import SiteSaid, name_of
from safelight.photographs.timeline import Timeline, site_in, slug
from safelight.photographs.view_sets import missing
from safelight.photographs.web.shown import Agreed, Tile
from safelight.staff import queries as staff

SEEN_BY = 3


@require_safe
def patient(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """The patient's photos by body site and day, the consent, and who saw them last."""
    return _page(request, patient_id, None)


@require_safe
def site(request: StaffRequest, patient_id: UUID, site: str) -> HttpResponse:
    """The photos of one body site over time."""
    return _page(request, patient_id, site_in(site))


def _page(request: StaffRequest, patient_id: UUID, site: SiteSaid | None) -> HttpResponse:
    by, now = request.actor, clock.now()
    before = _photograph(request.GET.get("before"))
    timeline = view_timeline(by=by, patient_id=patient_id, site=site, before=before, now=now, new_id=uuid4())
    seen = looked.last_views(by, timeline.pseudonyms, most=SEEN_BY)
    agreed = Agreed.of(by, timeline.patient)
    banner = patients.banner(by, timeline.patient, today=timezone.localdate(now))
    of_today = visits.visits_under(by, timeline.pseudonyms, since=since_today(now))
    people = {look.person for look in seen if look.person} | {visit.opened_by for visit in of_today}
    shown = {
        "banner": banner,
        "ground": access.ground(by, timeline.patient, now=now),
        "patient": timeline.patient,
        "site": site,
        "heading": name_of(site.site, site.laterality) if site else "Photos",
        "series": _series(timeline),
        "unsaid": sum(photograph.site_assumed for photograph in timeline.photographs),
        "comparable": len(timeline.photographs) > 1,
        "site_slug": slug(site) if site else "",
        "older": timeline.older,
        "sites": [(slug(each), name_of(each.site, each.laterality)) for each in queries.sites_of(by, timeline.pseudonyms)],
        "tombstones": [] if before else queries.tombstones_of(by, timeline.pseudonyms),
        "agreed": agreed,
        "owed": [] if banner.deceased else consent.owed_of(by, timeline.patient),
        "visits": of_today,
        "missing": missing(by, [visit.pk for visit in of_today]),
        "seen": seen,
        "names": staff.names_of(by, people | ({agreed.consent.asked_by} if agreed else set())),
    }
    return render(request, "photographs/patient.jinja", shown, using="jinja")


def _series(timeline: Timeline) -> list[dict[str, object]]:
    return [
        {
            "slug": slug(series.site),
            "words": name_of(series.site.site, series.site.laterality),
            "days": [(of_day.day, [Tile.of(photograph) for photograph in of_day.photographs]) for of_day in series.days],
        }
        for series in timeline.series(timezone.get_default_timezone())
    ]


def _photograph(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise NotFound from None


@require_safe
def who_looked(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Everyone who looked, in words that can be printed for the patient."""
    by, now, before = request.actor, clock.now(), request.GET.get("before", "")
    looks = see_who_looked(by=by, patient_id=patient_id, before=int(before) if before.isdecimal() else None, now=now)
    shown = {
        "banner": patients.banner(by, looks.patient, today=timezone.localdate(now)),
        "patient": looks.patient,
        "looks": looks,
        "names": staff.names_of(by, {look.person for look in looks.entries if look.person}),
        "now": now,
    }
    return render(request, "photographs/who_looked.jinja", shown, using="jinja")
