"""Pixels as an answer: shown on our own pages only, kept nowhere."""

from django.http import HttpRequest, HttpResponse

from safelight.kernel.errors import Refusal

OURS = {None, "same-origin", "none"}


class FromElsewhere(Refusal):
    """Another site asks for a covered copy."""

    code = "sharing.from_elsewhere"
    says = "Photos are shown on Safelight's own pages only."
    status = 403


def as_picture(request: HttpRequest, jpeg: bytes) -> HttpResponse:
    """A JPEG that no browser keeps and no other site shows. Raises FromElsewhere."""
    if request.headers.get("Sec-Fetch-Site") not in OURS:
        raise FromElsewhere
    response = HttpResponse(jpeg, content_type="image/jpeg")
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
