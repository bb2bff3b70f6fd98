"""What stands below a patient's photos about covered copies."""

from uuid import UUID

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from safelight.audit.request import StaffRequest
from safelight.kernel.actor import Role


def below_timeline(request: StaffRequest, patient_id: UUID) -> SafeString:
    """The button that covers the photos that are ticked. The ticks belong to the form of the part before."""
    if not request.actor.has(Role.CLINICIAN, Role.PHOTOGRAPHER):
        return SafeString()
    return SafeString(render_to_string("deidentify/below_timeline.jinja", {"patient": patient_id}, request=request, using="jinja"))
