"""What the page asks for while a person works: what the computer found, and that their boxes are kept."""

from http import HTTPStatus
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from safelight.audit.request import StaffRequest
from safelight.deidentify import queries
from safelight.deidentify.actions.keep_boxes import keep_boxes
from safelight.deidentify.actions.let_go_of_boxes import let_go_of_boxes
from safelight.deidentify.actions.reject_copy import reject_copy
from safelight.deidentify.actions.set_boxes_aside import set_boxes_aside
from safelight.deidentify.actions.view_desk import view_desk
from safelight.deidentify.errors import ChangedMeanwhile
from safelight.deidentify.web import said
from safelight.deidentify.web.page import Wanted
from safelight.deidentify.web.shown import Plain, Sheet
from safelight.design.times import clock as at_clock
from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Actor
from safelight.staff import queries as staff

Theirs = dict[str, str | int | list[Plain]]


@require_safe
def found(request: StaffRequest, photograph_id: UUID) -> HttpResponse:
    """A part of the page: what the computer has found until now."""
    desk = queries.desk(request.actor, photograph_id, now=clock.now())
    number = request.GET.get("number", "")
    sheet = Sheet.of(desk, number=int(number) if number.isascii() and number.isdigit() else 1, alone=not number)
    return render(request, "deidentify/found.jinja", {"part": sheet}, using="jinja")


@require_POST
def keep(request: StaffRequest, photograph_id: UUID) -> JsonResponse:
    """Keep a person's boxes as a draft. 409 with the other's boxes where somebody else was quicker."""
    posted = said.by_module(request.POST)
    by, now = request.actor, clock.now()
    try:
        version = keep_boxes(by=by, photograph_id=photograph_id, version=posted.version, boxes=posted.boxes, turn=posted.turn, now=now)
    except ChangedMeanwhile as meanwhile:
        set_boxes_aside(by=by, photograph_id=photograph_id, boxes=posted.boxes, turn=posted.turn, now=now, new_id=uuid4())
        return JsonResponse(theirs(by, photograph_id, meanwhile), status=meanwhile.status)
    if "chosen" in request.POST:
        let_go_of_boxes(by=by, photograph_id=photograph_id, now=now)
    desk = queries.desk(by, photograph_id, now=clock.now())
    numbers = {str(finding.id): finding.number for finding in desk.findings}
    return JsonResponse({"version": version, "numbers": numbers, "looks_again": desk.looking_again})


@require_POST
def aside(request: StaffRequest, photograph_id: UUID) -> HttpResponse:
    """What a person goes on to draw before they have chosen whose boxes stay; or, that they took the other's."""
    by, now = request.actor, clock.now()
    if "theirs" in request.POST:
        let_go_of_boxes(by=by, photograph_id=photograph_id, now=now)
    else:
        posted = said.by_module(request.POST)
        set_boxes_aside(by=by, photograph_id=photograph_id, boxes=posted.boxes, turn=posted.turn, now=now, new_id=uuid4())
    return JsonResponse({})


@require_POST
def open_again(request: StaffRequest, photograph_id: UUID) -> HttpResponse:
    """Open a photo once more whose time on the desk is over, for a page that stays: an entry of its own."""
    view_desk(by=request.actor, photograph_id=photograph_id, now=clock.now(), new_id=uuid4())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@require_POST
def reject(request: StaffRequest, photograph_id: UUID) -> HttpResponse:
    """Do not share this photo."""
    version = said.version_of(request.POST, photograph_id)
    reject_copy(by=request.actor, photograph_id=photograph_id, version=version, now=clock.now())
    left = Wanted.of(request.GET).without(photograph_id) if "photos" in request.GET else None
    if left and left.photos:
        return HttpResponseRedirect(left.address())
    return HttpResponseRedirect((left and left.next) or reverse("photographs:photo", args=[photograph_id]))


def theirs(by: Actor, photograph_id: UUID, meanwhile: ChangedMeanwhile) -> Theirs:
    """What somebody else did to a photo, who and when, as the page's module reads it."""
    desk = queries.desk(by, photograph_id, now=clock.now())
    sheet = Sheet.of(desk, number=1, alone=True)
    return {
        "says": _who_changed(by, meanwhile),
        "turn": sheet.turn,
        "version": sheet.version,
        "areas": [area.plain for area in sheet.areas],
    }


def _who_changed(by: Actor, meanwhile: ChangedMeanwhile) -> str:
    at = at_clock(meanwhile.at)
    if meanwhile.by == WORKER.id:
        return f"Who the patient is was put right at {at}, and something here looks like their own now. Look again."
    if meanwhile.by == by.id:
        return f"You changed this on another page at {at}. Look again."
    return f"{staff.name_of(by, meanwhile.by)} changed this at {at}. Look again."
