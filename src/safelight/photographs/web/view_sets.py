"""Which views are wanted, and which view each photo of a visit is."""

from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.photographs import rules, visits
from safelight.photographs.actions.change_view_set import change_view_set
from safelight.photographs.actions.name_views import name_views
from safelight.photographs.actions.view_timeline import view_timeline
from safelight.photographs.errors import EvidenceRoute, NoPhotosChosen, UnknownView, ViewSetsAreKept
from safelight.photographs.models import Photograph, View
from safelight.photographs.sites import REASONS, name_of, reason_name
from safelight.photographs.view_sets import VIEWS, missing, own_sets, suggested, wanted
from safelight.photographs.web.shown import Tile, moment
from safelight.staff import queries as staff

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def name(request: StaffRequest, visit_id: UUID) -> HttpResponse:
    """Say of each photo of a visit which view it is: filled in by the order in which they were taken, kept with one click."""
    by, now, refused = request.actor, clock.now(), ""
    visit = visits.visit(by, visit_id, now=now)
    if request.method == "POST":
        try:
            name_views(by=by, visit_id=visit.pk, views=_said(request), now=now)
        except (NoPhotosChosen, EvidenceRoute, UnknownView) as no:
            refused = no.says
        else:
            return HttpResponseRedirect(reverse("photographs:patient", args=[visit.patient_id]))
    timeline = view_timeline(by=by, patient_id=visit.patient_id, now=now, new_id=uuid4())
    photos = sorted((one for one in timeline.photographs if one.visit_id == visit.pk), key=lambda one: (one.taken_at, one.pk))
    shown = {
        "banner": patients.banner(by, visit.patient_id, today=timezone.localdate(now)),
        "visit": visit,
        "when": moment(visit.opened_at),
        "why": reason_name(visit.reason),
        "photos": _with_views(request, photos, ward=patients.patient(by, visit.patient_id).ward),
        "views": [(view.value, view.label) for view in (View.UNKNOWN, *VIEWS)],
        "missing": missing(by, [visit.pk]),
        "may_handle": rules.may_handle(by, visit),
        "refused": refused,
    }
    return render(request, "photographs/name_views.jinja", shown, status=UNPROCESSABLE if refused else 200, using="jinja")


def _with_views(request: StaffRequest, photos: list[Photograph], *, ward: str) -> list[tuple[Tile, str, str]]:
    """Each photo with its site and its view: the one that was named, else the one that the order suggests."""
    of_site: dict[tuple[str, str, str], list[Photograph]] = {}
    for photo in photos:
        of_site.setdefault((photo.site, photo.laterality, photo.reason), []).append(photo)
    of_reason = wanted(request.actor, {reason for *_, reason in of_site}, ward=ward)
    found = []
    for (site, side, reason), of_one in of_site.items():
        by_order = suggested(of_reason[reason], len(of_one))
        unnamed = not any(photo.view for photo in of_one)
        found += [
            (Tile.of(photo), name_of(site, side), by_order[place].value if unnamed else photo.view) for place, photo in enumerate(of_one)
        ]
    return found


def _said(request: StaffRequest) -> dict[UUID, View]:
    try:
        return {UUID(key[5:]): View(value) for key, value in request.POST.items() if key.startswith("view-") and isinstance(value, str)}
    except ValueError:
        raise NotFound from None


@require_http_methods(["GET", "HEAD", "POST"])
def view_sets(request: StaffRequest) -> HttpResponse:
    """Which views are wanted for each reason, everywhere or on one ward; changed one reason at a time."""
    by, refused, saved, ward = request.actor, "", "", request.GET.get("ward", "")
    if not rules.may_keep_view_sets(by):
        raise ViewSetsAreKept
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        try:
            views = None if "everywhere" in request.POST else _ticked(request)
            change_view_set(by=by, reason=reason, views=views, now=clock.now(), new_id=uuid4(), ward=ward)
        except UnknownView as no:
            refused = no.says
        else:
            saved = reason_name(reason)
    of_reason, own = wanted(by, REASONS, ward=ward), own_sets(by, ward)
    shown = {
        "sets": [(reason, {view.value for view in of_reason[reason.code]}, reason.code in own) for reason in REASONS.values()],
        "ward": ward,
        "wards": staff.wards(by),
        "views": [(view.value, view.label) for view in VIEWS],
        "refused": refused,
        "saved": saved,
    }
    return render(request, "photographs/view_sets.jinja", shown, status=UNPROCESSABLE if refused else 200, using="jinja")


def _ticked(request: StaffRequest) -> list[View]:
    """The views that were ticked, from far to near: the order in which they are taken."""
    ticked = request.POST.getlist("view")
    if not set(ticked) <= set(VIEWS):
        raise UnknownView
    return [view for view in VIEWS if view in ticked]
