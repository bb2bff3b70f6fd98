"""What was scanned or typed into the box on Home, and where it leads. Nothing that names a patient stands in an address."""

from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from safelight.access.actions.note_scan import note_scan
from safelight.access.rules import treats
from safelight.audit.request import StaffRequest
from safelight.config.web.home import page
from safelight.custody import whereabouts
from safelight.kernel import clock
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.patients import wristband
from safelight.patients.wristband import Reading, Scan
from safelight.photographs import visits

TEMPORARY_REDIRECT = 307
NO_SUCH_NUMBER = "Nobody here has this number. Check the wristband, or type the surname."
NO_SUCH_CODE = "Nothing here has this number or code. Check it, or type the surname."


@require_POST
def scan(request: StaffRequest) -> HttpResponse:
    """Go to the patient, camera or visit that the text means; a surname goes on to the search, in the body of the request."""
    said = wristband.read(
        request.POST.get("code", ""),
        company_prefix=settings.SAFELIGHT_GSRN_PREFIX,
        synthetic_allowed=settings.SAFELIGHT_ALLOW_SYNTHETIC_NUMBERS,
    )
    where = _patient(request.actor, said) or _camera(request.actor, said) or _visit(request.actor, said)
    if where:
        return redirect(where)
    if said.name:
        return HttpResponse(status=TEMPORARY_REDIRECT, headers={"Location": reverse("patients:list")})
    return page(request, problem=_words(said))


def _patient(by: Actor, said: Scan) -> str | None:
    """A wristband opens its patient for 30 days to whoever treats; a typed number only finds."""
    found = next((one for number in (said.nhs_number, said.hospital_number) if number and (one := patients.by_number(by, number))), None)
    if found is None:
        return None
    if said.scanned and treats(by):
        note_scan(by=by, patient_id=found, now=clock.now(), new_id=uuid4())
    return reverse("photographs:patient", args=[found])


def _camera(by: Actor, said: Scan) -> str | None:
    if not said.code:
        return None
    try:
        one = whereabouts.one(by, said.code, now=clock.now())
    except NotFound:
        return None
    return reverse("custody:out" if one.ready else "custody:camera", args=[one.camera.code])


def _visit(by: Actor, said: Scan) -> str | None:
    found = visits.visit_by_short_code(by, said.slate, now=clock.now()) if said.slate else None
    return reverse("photographs:slate", args=[found.pk]) if found else None


def _words(said: Scan) -> str:
    if said.reading is Reading.NHS_NUMBER:
        return NO_SUCH_NUMBER
    return said.reading.says or NO_SUCH_CODE
