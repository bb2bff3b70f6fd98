"""A recording that belongs to an investigation or treatment and needs no consent of its own (GMC paragraph 10, B10)."""

from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from safelight.access import queries as access
from safelight.access.actions.name_patients import name_patients
from safelight.access.errors import NoCareRelationship
from safelight.audit.request import StaffRequest
from safelight.custody import queries as custody
from safelight.kernel import clock
from safelight.kernel.errors import NotFound, Refusal
from safelight.patients import queries as patients
from safelight.photographs import fallback, visits
from safelight.photographs.actions.open_visit import open_visit
from safelight.photographs.models import Recording
from safelight.photographs.sites import SITES
from safelight.photographs.web.nearest import nearest
from safelight.photographs.web.visit_forms import ExemptForm, Usual
from safelight.vault.fields import seal_field

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Say what is recorded, where and why, and make the slate."""
    by, now = request.actor, clock.now()
    try:
        patient = patients.patient(by, UUID(request.GET.get("patient", "")))
    except ValueError:
        raise NotFound from None
    access.require(by, patient.pk, now=now)
    name_patients(by=by, patients=[patient.pk], now=now)
    banner = patients.banner(by, patient.pk, today=timezone.localdate(now))
    young = visits.under_age(banner.born, today=timezone.localdate(now))
    cameras = custody.in_hands(by)
    form = ExemptForm(
        request.POST if request.method == "POST" else None, usual=Usual(fallback=fallback.usual(by, now=now)), cameras=cameras, young=young
    )
    shown = {
        "banner": banner,
        "patient": patient,
        "form": form,
        "young": young,
        "site_list": list(SITES.values()),
        "cameras": cameras,
        "nearest": None if cameras else nearest(by),
    }
    if request.method != "POST":
        return render(request, "photographs/exempt.jinja", shown, using="jinja")
    if not form.is_valid():
        return render(request, "photographs/exempt.jinja", shown, status=UNPROCESSABLE, using="jinja")
    visit_id, purpose = uuid4(), form.in_words()
    try:
        opened = open_visit(
            by=by,
            patient_id=patient.pk,
            consent_id=None,
            recording=Recording(form.cleaned_data["recording"]),
            reason=form.cleaned_data["why"],
            fallback=form.why_not_the_photographer(),
            sites=form.sites(),
            chaperone=form.chaperone_said(),
            purpose=seal_field(purpose.encode(), context=f"visit:{visit_id}:purpose") if purpose else b"",
            born=banner.born,
            check_out_id=form.camera(),
            now=now,
            new_id=visit_id,
        )
    except (NoCareRelationship, NotFound):
        raise
    except Refusal as no:
        form.add_error(None, no.says)
        return render(request, "photographs/exempt.jinja", shown, status=no.status, using="jinja")
    return redirect("photographs:slate", opened.pk)
