"""Asking about one publication."""

from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from safelight.access import queries as access
from safelight.access.actions.name_patients import name_patients
from safelight.audit.request import StaffRequest
from safelight.consent import queries
from safelight.consent.actions.record_publication import record_publication
from safelight.consent.errors import NotToBeAsked, PublicationNotNamed
from safelight.consent.models import How
from safelight.consent.web.forms import PublicationForm
from safelight.kernel import clock
from safelight.patients import queries as patients

UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: StaffRequest, consent_id: UUID) -> HttpResponse:
    """Name one publication and record what the patient says to it."""
    by, now = request.actor, clock.now()
    found = queries.consent(by, consent_id)
    access.require(by, found.patient_id, now=now)
    form = PublicationForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            said = form.cleaned_data
            try:
                record_publication(
                    by=by,
                    consent_id=consent_id,
                    title=said["title"],
                    yes=said["answer"] == "yes",
                    how=How(said["how"]),
                    now=now,
                    new_id=uuid4(),
                )
            except (NotToBeAsked, PublicationNotNamed) as no:
                form.add_error("title" if isinstance(no, PublicationNotNamed) else None, no.says)
                status = no.status
            else:
                return redirect("consent:consent", consent_id)
    name_patients(by=by, patients=[found.patient_id], now=now)
    shown = {"consent": found, "form": form, "banner": patients.banner(by, found.patient_id, today=timezone.localdate(now))}
    return render(request, "consent/publication.jinja", shown, status=status, using="jinja")
