"""Two entries that are one person, and one entry that is two."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.patients import queries
from safelight.patients.actions.compare_patients import compare_patients
from safelight.patients.actions.merge_patients import merge_patients
from safelight.patients.actions.show_patient import show_patient
from safelight.patients.actions.undo_merge import undo_merge
from safelight.patients.errors import OtherWayRound, SamePatient
from safelight.patients.web.forms import SamePersonForm, WhoElseForm

NOT_RIGHT = 422
NOBODY_HAS_IT = "Nobody has this number. Check the wristband"


@require_http_methods(["GET", "HEAD", "POST"])
def who_else(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Ask for the number of the other entry."""
    by, now = request.actor, clock.now()
    row = show_patient(by=by, patient_id=patient_id, now=now)
    form = WhoElseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        found = form.find(by)
        if found is not None and found != row.pk:
            return HttpResponseRedirect(reverse("patients:merge", args=[row.pk, found]))
        form.add_error("number", NOBODY_HAS_IT if found is None else SamePatient.says)
    shown = {"form": form, "banner": queries.banner(by, row.pk, today=timezone.localdate(now))}
    return render(request, "patients/who_else.jinja", shown, using="jinja", status=NOT_RIGHT if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: StaffRequest, patient_id: UUID, into_id: UUID) -> HttpResponse:
    """Show both beside each other, and make them one."""
    by, now = request.actor, clock.now()
    form = SamePersonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            goes_on = merge_patients(by=by, patient_id=patient_id, into_id=into_id, now=now)
            return HttpResponseRedirect(reverse("photographs:patient", args=[goes_on]))
        except (SamePatient, OtherWayRound) as refusal:
            form.add_error(None, refusal.says)
    compare_patients(by=by, patient_id=patient_id, into_id=into_id, now=now)
    today = timezone.localdate(now)
    shown = {
        "form": form,
        "patient": patient_id,
        "one": queries.banner(by, patient_id, today=today),
        "other": queries.banner(by, into_id, today=today),
    }
    return render(request, "patients/merge.jinja", shown, using="jinja", status=NOT_RIGHT if form.errors else 200)


@require_POST
def undo(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Make a merged entry one of its own again."""
    undo_merge(by=request.actor, patient_id=patient_id, now=clock.now())
    return HttpResponseRedirect(reverse("photographs:patient", args=[patient_id]))
