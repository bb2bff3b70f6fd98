"""Which site? Photos of a visit with several body sites are filed under the first, until a person says what they show."""

from dataclasses import dataclass
from itertools import groupby
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from safelight.access import queries as access
from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.photographs import queries, rules, visits
from safelight.photographs.actions.set_sites import set_sites
from safelight.photographs.actions.view_timeline import view_timeline
from safelight.photographs.errors import EvidenceRoute, NoPhotosChosen, UnknownSite
from safelight.photographs.models import Photograph
from safelight.photographs.sites import SiteSaid, name_of
from safelight.photographs.timeline import site_in, slug
from safelight.photographs.web.shown import Tile, moment

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Unsaid:
    """The photos of one visit of which nobody has said what they show, in the order they were taken, and the visit's sites."""

    visit: UUID
    when: str
    tiles: tuple[Tile, ...]
    sites: tuple[tuple[str, str], ...]
    may_handle: bool


@require_http_methods(["GET", "HEAD", "POST"])
def which_site(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Tick photos, or take all of a visit, and say the site with one button."""
    by, now, refused = request.actor, clock.now(), ""
    here = reverse("photographs:which_site", args=[patient_id])
    if request.method == "POST":
        try:
            set_sites(by=by, patient_id=patient_id, photograph_ids=_chosen(request), site=_said(request), now=now)
        except (NoPhotosChosen, UnknownSite, EvidenceRoute) as no:
            refused = no.says
        else:
            more = queries.site_unsaid(by, patient_id)
            return HttpResponseRedirect(here if more else reverse("photographs:patient", args=[patient_id]))
    timeline = view_timeline(by=by, patient_id=patient_id, now=now, new_id=uuid4(), unsaid=True)
    shown = {
        "banner": patients.banner(by, timeline.patient, today=timezone.localdate(now)),
        "ground": access.ground(by, timeline.patient, now=now),
        "patient": timeline.patient,
        "unsaid": _by_visit(request, timeline.photographs),
        "refused": refused,
        "ticked": {str(each) for each in _chosen(request)} if refused else set(),
    }
    return render(request, "photographs/which_site.jinja", shown, status=UNPROCESSABLE if refused else 200, using="jinja")


def _said(request: StaffRequest) -> SiteSaid:
    return site_in(request.POST.get("all") or request.POST.get("site", ""))


def _chosen(request: StaffRequest) -> list[UUID]:
    """The photos that were ticked, or all that the page showed of a visit."""
    name = "every" if "all" in request.POST else "photo"
    try:
        return [UUID(text) for text in dict.fromkeys(request.POST.getlist(name))]
    except ValueError:
        raise NotFound from None


def _by_visit(request: StaffRequest, photographs: tuple[Photograph, ...]) -> list[Unsaid]:
    in_order = sorted(photographs, key=lambda photo: (photo.visit.opened_at, photo.visit_id, photo.taken_at, photo.pk))
    return [_unsaid(request, list(of_visit)) for _, of_visit in groupby(in_order, key=lambda photo: photo.visit_id)]


def _unsaid(request: StaffRequest, photographs: list[Photograph]) -> Unsaid:
    visit = photographs[0].visit
    return Unsaid(
        visit=visit.pk,
        when=moment(visit.opened_at),
        tiles=tuple(Tile.of(photo) for photo in photographs),
        sites=tuple((slug(said), name_of(said.site, said.laterality)) for said in visits.sites_of(visit)),
        may_handle=rules.may_handle(request.actor, visit),
    )
