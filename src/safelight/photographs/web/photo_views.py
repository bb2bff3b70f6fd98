"""One photo: large, with what is known of it, what it shows put right, and the camera's own file."""

from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from safelight.access import queries as access
from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.patients import queries as patients
from safelight.photographs import queries, rules
from safelight.photographs.actions.fetch_record_copy import fetch_record_copy
from safelight.photographs.actions.set_site import set_site
from safelight.photographs.actions.view_days import view_days
from safelight.photographs.actions.view_photograph import view_photograph
from safelight.photographs.errors import EvidenceRoute, RecordCopyStays, UnknownSite
from safelight.photographs.permits import Size
from safelight.photographs.series import beside
from safelight.photographs.sites import name_of
from safelight.photographs.timeline import site_of, slug
from safelight.photographs.web.forms import CopyForm, SiteForm
from safelight.photographs.web.shown import Agreed, alt, facts, why_not
from safelight.staff import queries as staff
from safelight.staff.web.door import fresh_proof


@require_safe
def photo(request: StaffRequest, photograph_id: UUID) -> HttpResponse:
    """A photo, large, with what is known of it."""
    shown = looked_at(request, photograph_id)
    days = view_days(by=request.actor, photograph_id=photograph_id, zone=timezone.get_default_timezone(), now=clock.now(), new_id=uuid4())
    before, after = beside(days)
    return render(request, "photographs/photo.jinja", shown | {"days": days, "day_before": before, "day_after": after}, using="jinja")


def looked_at(request: StaffRequest, photograph_id: UUID) -> dict[str, object]:
    """What a page about one photo shows, the photo with it: an entry of its own each time."""
    by, now = request.actor, clock.now()
    view_photograph(by=by, photograph_id=photograph_id, now=now, new_id=uuid4())
    found = queries.photograph(by, photograph_id)
    agreed = Agreed.of(by, found.patient_id)
    newer, older = queries.neighbours(by, found)
    return {
        "banner": patients.banner(by, found.patient_id, today=timezone.localdate(now)),
        "ground": access.ground(by, found.patient_id, now=now),
        "photo": found,
        "alt": alt(found),
        "why_not": why_not(found, found.preview),
        "site": name_of(found.site, found.laterality),
        "slug": slug(site_of(found)),
        "newer": newer,
        "older": older,
        "facts": facts(found, filed_by="by its slate" if found.filed_by == WORKER.id else staff.name_of(by, found.filed_by), agreed=agreed),
        "may_handle": rules.may_handle(by, found.visit),
        "may_fetch": rules.may_fetch_restricted(by) if queries.restricted(by, found) else rules.may_fetch(by),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def correct_site(request: StaffRequest, photograph_id: UUID) -> HttpResponse:
    """Correct body site, side and view."""
    form = SiteForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            set_site(by=request.actor, photograph_id=photograph_id, site=form.said(), view=form.seen(), now=clock.now())
        except (UnknownSite, EvidenceRoute) as refusal:
            form.add_error(None, refusal.says)
        else:
            return HttpResponseRedirect(reverse("photographs:photo", args=[photograph_id]))
    shown = looked_at(request, photograph_id)
    shown["form"] = form or SiteForm.of(queries.photograph(request.actor, photograph_id))
    return render(request, "photographs/site.jinja", shown, using="jinja")


@require_http_methods(["GET", "HEAD", "POST"])
@fresh_proof(minutes=5)
def original(request: StaffRequest, photograph_id: UUID) -> HttpResponse:
    """Take the camera's own file, with a reason."""
    form = CopyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            fetch_record_copy(by=request.actor, photograph_id=photograph_id, why=form.why(), now=clock.now(), new_id=uuid4())
        except RecordCopyStays as refusal:
            form.add_error(None, refusal.says)
        else:
            return HttpResponseRedirect(reverse("photographs:file", args=[photograph_id, Size.FULL.value]))
    shown = looked_at(request, photograph_id) | {"form": form}
    return render(request, "photographs/original.jinja", shown, using="jinja")
