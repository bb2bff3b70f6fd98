"""A misfiled photo goes to the right patient: whose is it, is it really theirs, and to which visit."""

from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.patients import queries as patients
from safelight.patients import wristband
from safelight.photographs import moving
from safelight.photographs.actions.correct_patient import correct_patient
from safelight.photographs.actions.propose_move import propose_move
from safelight.photographs.errors import AskFirst, EvidenceRoute, MovedInTheMeantime
from safelight.photographs.web.forms import MoveForm, WhoseForm
from safelight.photographs.web.photo_views import looked_at

MOST_FILES_OF_A_SHOT = 8
NOBODY_HAS_IT = "Nobody has this number. Check the band, or find the patient by name first."


@require_http_methods(["GET", "HEAD", "POST"])
def whose(request: StaffRequest, photograph_id: UUID) -> HttpResponse:
    """Ask for the number of the right patient. It is sent in a form, never in an address."""
    form = WhoseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        read = wristband.read(
            form.cleaned_data["number"],
            company_prefix=settings.SAFELIGHT_GSRN_PREFIX,
            synthetic_allowed=settings.SAFELIGHT_ALLOW_SYNTHETIC_NUMBERS,
        )
        for number in filter(None, (read.nhs_number, read.hospital_number, read.code)):
            if found := patients.by_number(request.actor, number):
                return HttpResponseRedirect(reverse("photographs:move_to", args=[photograph_id, found]))
        form.add_error("number", read.reading.says or NOBODY_HAS_IT)
    return render(request, "photographs/whose.jinja", looked_at(request, photograph_id) | {"form": form}, using="jinja")


@require_http_methods(["GET", "HEAD", "POST"])
def move(request: StaffRequest, photograph_id: UUID, patient_id: UUID) -> HttpResponse:
    """Show number and birth date of the patient beside the photo, and move it when both are confirmed (E2)."""
    form = MoveForm(request.POST, visits=moving.visits_for(request.actor, photograph_id, patient_id)) if request.method == "POST" else None
    if form is not None and form.is_valid():
        try:
            return HttpResponseRedirect(reverse("photographs:patient", args=[_moved(request, photograph_id, form)]))
        except (AskFirst, EvidenceRoute, MovedInTheMeantime) as refusal:
            form.add_error(None, refusal.says)
    by, now = request.actor, clock.now()
    visits = propose_move(by=by, photograph_id=photograph_id, patient_id=patient_id, now=now)
    shown = looked_at(request, photograph_id) | {
        "to": patients.banner(by, patient_id, today=timezone.localdate(now)),
        "form": form or MoveForm(None, visits=visits),
        "visits": visits,
    }
    return render(request, "photographs/move.jinja", shown, using="jinja")


def _moved(request: StaffRequest, photograph_id: UUID, form: MoveForm) -> UUID:
    prepared = moving.prepare(
        request.actor,
        photograph=photograph_id,
        visit=UUID(form.cleaned_data["visit"]),
        why=form.why(),
        tombstones=tuple(uuid4() for _ in range(MOST_FILES_OF_A_SHOT)),
    )
    return correct_patient(by=request.actor, photograph_id=photograph_id, moving=prepared, now=clock.now())
