"""What stands on the page of those who oversee cameras about the way into the record."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from safelight.audit.request import StaffRequest
from safelight.intake.promptness import promptness


def beside_custody(request: StaffRequest, *, since: datetime, days: int) -> SafeString:
    """How soon photos are in the record."""
    shown = {"soon": promptness(request.actor, since=since), "days": days}
    return SafeString(render_to_string("intake/promptness.jinja", shown, request=request, using="jinja"))
