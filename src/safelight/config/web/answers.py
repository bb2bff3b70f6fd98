"""Refusals, damage and parts that do not answer, turned into pages once for all views."""

from collections.abc import Callable

import structlog
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render

from safelight.access.errors import NoCareRelationship
from safelight.kernel.errors import NotFound, SafelightError

log = structlog.get_logger()
RETRY_AFTER = 5


class Answers:
    """Catches our errors as a view raises them. Anything else is a bug and goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page, or a problem document (RFC 9457) at the station door."""
        if isinstance(error, Http404):
            error = NotFound()
        if not isinstance(error, SafelightError):
            return None
        log.info("answer", code=error.code, status=error.status)
        if isinstance(error, NoCareRelationship):
            return say_why(request, error)
        return problem(error) if request.path.startswith("/station/") else page(request, error)


def page(request: HttpRequest, error: SafelightError) -> HttpResponse:
    """The error page. It says what happened and what to do, and nothing of a patient."""
    shown = {"says": error.says, "status": error.status, "code": error.code}
    response = render(request, "design/error.jinja", shown, status=error.status, using="jinja")
    if error.status == 503:  # noqa: PLR2004 - RFC 9110 section 15.6.4
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def say_why(request: HttpRequest, error: NoCareRelationship) -> HttpResponse:
    """The page that asks why somebody needs to see a patient whom they do not look after. Nothing of the patient is on it."""
    # After a form was sent, its address may not be one to go back to: Home is.
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    shown = {"patient": error.patient_id, "next": back}
    return render(request, "access/no_relationship.jinja", shown, status=error.status, using="jinja")


def problem(error: SafelightError) -> JsonResponse:
    """A problem document (RFC 9457)."""
    body = {"type": f"urn:safelight:{error.code}", "title": error.says, "status": error.status, "code": error.code}
    response = JsonResponse(body, status=error.status, content_type="application/problem+json")
    if error.status == 503:  # noqa: PLR2004 - the standard's number
        response["Retry-After"] = str(RETRY_AFTER)
    return response


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The page for an address that leads nowhere: the same as for what the person may not know of."""
    return problem(NotFound()) if request.path.startswith("/station/") else page(request, NotFound())


class Fault(SafelightError):
    """An error that nobody foresaw."""

    code = "config.fault"
    says = "Something went wrong on our side. Nothing was lost. Try again, or ring the people who look after the system."
    status = 500


class NotGenuine(SafelightError):
    """A form came back without its token, or from another site."""

    code = "config.not_genuine"
    says = "This page was open for too long, or you signed in again elsewhere. Go back, load the page again and repeat what you did."
    status = 403


def fault(request: HttpRequest) -> HttpResponse:
    """The page for an error that nobody foresaw: no stack, no patient."""
    return problem(Fault()) if request.path.startswith("/station/") else page(request, Fault())


def not_genuine(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form whose token is missing or wrong (CSRF)."""
    log.warning("csrf.refused", reason=reason)
    return page(request, NotGenuine())
