"""The cabinet: which cameras there are, taking one, bringing it back, and what can happen to one in between."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safelight.audit.request import StaffRequest
from safelight.custody import queries, registry, rules, whereabouts
from safelight.custody.actions.check_clock import check_clock
from safelight.custody.actions.find_camera import find_camera
from safelight.custody.actions.mend_camera import mend_camera
from safelight.custody.actions.report_camera_lost import report_camera_lost
from safelight.custody.actions.report_fault import report_fault
from safelight.custody.actions.retire_camera import retire_camera
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.web.forms import ClockForm, FaultForm, FindForm, ReturnForm
from safelight.kernel import clock
from safelight.kernel.errors import NotFound


def _to_camera(code: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("custody:camera", args=[code]))


@require_safe
def cameras(request: StaffRequest, form: FindForm | None = None) -> HttpResponse:
    """Every camera in use, with where it is; those of the person's wards first."""
    found = whereabouts.all_cameras(request.actor, now=clock.now())
    shown = {
        "own": [one for one in found if one.own_ward],
        "others": [one for one in found if not one.own_ward],
        "form": form or FindForm(),
        "keeps_register": rules.may_register(request.actor),
        "oversees": rules.may_oversee(request.actor),
    }
    return render(request, "custody/cameras.jinja", shown, using="jinja")


@require_POST
def find(request: StaffRequest) -> HttpResponse:
    """Go to the camera whose label was scanned."""
    form = FindForm(request.POST)
    if form.is_valid():
        try:
            found = whereabouts.one(request.actor, form.cleaned_data["code"], now=clock.now())
        except NotFound:
            form.add_error("code", "No camera has this label. Scan the label on the camera, or choose one below.")
        else:
            return HttpResponseRedirect(reverse("custody:out" if found.ready else "custody:camera", args=[found.camera.code]))
    request.method = "GET"
    return cameras(request, form)


@require_safe
def camera(request: StaffRequest, code: str) -> HttpResponse:
    """One camera: where it is, and what happened to it."""
    shown = whereabouts.one(request.actor, code, now=clock.now())
    context = {
        "one": shown,
        "mine": shown.out is not None and shown.out.person_id == request.actor.id,
        "history": registry.history(request.actor, shown.camera.pk),
        "keeps_register": rules.may_register(request.actor),
    }
    return render(request, "custody/camera.jinja", context, using="jinja")


@require_http_methods(["GET", "HEAD", "POST"])
def bring_back(request: StaffRequest, code: str) -> HttpResponse:
    """Bring a camera back, and say what about its card."""
    shown = whereabouts.one(request.actor, code, now=clock.now())
    form = ReturnForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return_camera(by=request.actor, camera_id=shown.camera.pk, card=form.said(), now=clock.now())
        return _to_camera(shown.camera.code)
    if shown.out is None:
        return _to_camera(shown.camera.code)
    return render(request, "custody/return.jinja", {"one": shown, "form": form}, using="jinja")


@require_http_methods(["GET", "HEAD", "POST"])
def fault(request: StaffRequest, code: str) -> HttpResponse:
    """Say what is wrong with a camera."""
    shown = whereabouts.one(request.actor, code, now=clock.now())
    form = FaultForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        report_fault(by=request.actor, camera_id=shown.camera.pk, fault=form.cleaned_data["fault"], now=clock.now())
        return _to_camera(shown.camera.code)
    return render(request, "custody/fault.jinja", {"one": shown, "form": form}, using="jinja")


@require_POST
def mended(request: StaffRequest, code: str) -> HttpResponse:
    """Put a mended camera back."""
    mend_camera(by=request.actor, camera_id=queries.camera(request.actor, code).pk, now=clock.now())
    return _to_camera(code)


@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: StaffRequest, code: str) -> HttpResponse:
    """Report a camera lost; the answer says what was on it."""
    shown = whereabouts.one(request.actor, code, now=clock.now())
    if request.method == "POST":
        was_on = report_camera_lost(by=request.actor, camera_id=shown.camera.pk, now=clock.now())
        return render(request, "custody/lost_told.jinja", {"one": shown, "was_on": was_on}, using="jinja")
    return render(request, "custody/lost.jinja", {"one": shown}, using="jinja")


@require_POST
def found(request: StaffRequest, code: str) -> HttpResponse:
    """A lost camera was found."""
    find_camera(by=request.actor, camera_id=queries.camera(request.actor, code).pk, now=clock.now())
    return _to_camera(code)


@require_http_methods(["GET", "HEAD", "POST"])
def compare_clock(request: StaffRequest, code: str) -> HttpResponse:
    """Compare the camera's clock with ours."""
    shown = whereabouts.one(request.actor, code, now=clock.now())
    form = ClockForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        now = clock.now()
        check_clock(by=request.actor, camera_id=shown.camera.pk, ahead=form.ahead(now=now), now=now)
        return _to_camera(shown.camera.code)
    context = {"one": shown, "form": form}
    return render(request, "custody/clock.jinja", context, using="jinja")


@require_POST
def retired(request: StaffRequest, code: str) -> HttpResponse:
    """Take a camera off the wards for good."""
    retire_camera(by=request.actor, camera_id=queries.camera(request.actor, code).pk, now=clock.now())
    return HttpResponseRedirect(reverse("custody:register"))
