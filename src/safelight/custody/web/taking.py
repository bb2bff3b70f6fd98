"""Taking a camera out of its cabinet, with a second signature where the cabinet asks for one."""

from uuid import uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from safelight.audit.request import StaffRequest
from safelight.custody import rules, whereabouts
from safelight.custody.actions.check_out_camera import check_out_camera
from safelight.custody.errors import CameraTaken, DueTooLate, ReasonNeeded, SamePerson, SecondSignatureNeeded
from safelight.custody.rules import SetAside
from safelight.custody.web.forms import OutForm
from safelight.custody.whereabouts import Whereabouts
from safelight.kernel import clock
from safelight.staff import queries as staff
from safelight.staff.errors import NotThem, TooManyTries
from safelight.staff.models import Person

AFTERWARDS = "/"


@require_http_methods(["GET", "HEAD", "POST"])
def out(request: StaffRequest, code: str) -> HttpResponse:
    """Take this camera. One click where nothing stands against it."""
    now = clock.now()
    shown = whereabouts.one(request.actor, code, now=now)
    person = staff.person(request.actor, request.actor.id)
    against = rules.what_stands_against(
        shown.camera, by=request.actor, ward=shown.camera.cabinet.ward, trained_until=person.trained_until, now=now
    )
    two = rules.two_signatures(shown.camera, everywhere=settings.SAFELIGHT_TWO_SIGNATURES)
    posted = request.POST if request.method == "POST" else None
    form = OutForm(posted, now=now, reason_needed=bool(against))
    if posted is not None and _taken(request, shown, form, two=two):
        return HttpResponseRedirect(AFTERWARDS)
    context = _page(request, shown, person, against) | {"form": form, "two_signatures": two}
    return render(request, "custody/out.jinja", context, using="jinja")


def _page(request: StaffRequest, shown: Whereabouts, person: Person, against: set[SetAside]) -> dict[str, object]:
    now = clock.now()
    return {
        "one": whereabouts.one(request.actor, shown.camera.code, now=now),
        "mine": shown.out is not None and shown.out.person_id == request.actor.id,
        "others": [other for other in whereabouts.all_cameras(request.actor, now=now) if other.camera.pk != shown.camera.pk],
        "against": {rule.value for rule in against},
        "trained_until": person.trained_until,
    }


def _taken(request: StaffRequest, shown: Whereabouts, form: OutForm, *, two: bool) -> bool:
    """Whether the camera is this person's now. What can be mended on the form is said there."""
    if not form.is_valid():
        return False
    try:
        second = form.second_person(request) if two else None
        check_out_camera(
            by=request.actor,
            camera_id=shown.camera.pk,
            due_at=form.due_at(),
            reason=form.cleaned_data["reason"],
            second=second,
            now=clock.now(),
            new_id=uuid4(),
        )
    except (NotThem, TooManyTries, SamePerson, SecondSignatureNeeded) as no:
        form.add_error("second_username", no.says)
    except DueTooLate as no:
        form.add_error("at", no.says)
    except ReasonNeeded as no:
        form.add_error("reason", no.says)
    except CameraTaken as no:
        form.add_error(None, no.says)
    else:
        return True
    return False
