"""The page on which a set of photos is covered."""

import json
from dataclasses import replace
from uuid import UUID, uuid4

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from safelight.audit.request import StaffRequest
from safelight.deidentify import making, queries, rules
from safelight.deidentify.actions.approve_copies import approve_copies
from safelight.deidentify.actions.keep_boxes import keep_boxes
from safelight.deidentify.actions.let_go_of_boxes import let_go_of_boxes
from safelight.deidentify.actions.set_boxes_aside import set_boxes_aside
from safelight.deidentify.actions.view_desk import view_desk
from safelight.deidentify.covering import CannotCover
from safelight.deidentify.errors import (
    ChangedMeanwhile,
    CoverTheJpeg,
    NotOpened,
    NotSigned,
    NotThisPhoto,
    PhotographersEvidence,
    SeniorSignOffOwed,
    SlateFrame,
    StillLooking,
    StillUndecided,
    VideoNotCovered,
)
from safelight.deidentify.models import Checklist
from safelight.deidentify.said import OWED, Said, Statement
from safelight.deidentify.web import said
from safelight.deidentify.web.desk_views import Theirs, theirs
from safelight.deidentify.web.page import Page, Problem, Wanted, local, to_decide
from safelight.deidentify.web.patient import latest, one_patient
from safelight.deidentify.web.shown import BLANK, Sheet
from safelight.kernel import clock
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients

NO_SUCH_BOX = "Say left, top, width and height of the box in percent. It lies within the photo."
TICK = "Tick each line when you have looked for it"
_NOT_COVERABLE = {error.code: error for error in (SlateFrame, VideoNotCovered, CoverTheJpeg, PhotographersEvidence)}
# What a person can mend on this page is said on it; anything else is an answer of its own.
_SAID_HERE = (
    CannotCover,
    ChangedMeanwhile,
    CoverTheJpeg,
    NotOpened,
    NotSigned,
    NotThisPhoto,
    SlateFrame,
    StillLooking,
    VideoNotCovered,
)


@require_http_methods(["GET", "HEAD", "POST"])
def cover_set(request: StaffRequest) -> HttpResponse:
    """Cover a set of photos; those of a patient's latest visit where none is named."""
    if "patient" in request.GET:  # from ticks on the timeline: an address of its own for the set
        return HttpResponseRedirect(Wanted.of(request.GET if request.GET.get("photos") else latest(request)).address())
    return _answer(request, Wanted.of(request.GET))


@require_http_methods(["GET", "HEAD", "POST"])
def cover(request: StaffRequest, photograph_id: UUID) -> HttpResponse:
    """Cover one photo."""
    return _answer(request, Wanted(photos=(photograph_id,), at=1, next=local(request.GET.get("next", ""))))


def _answer(request: StaffRequest, wanted: Wanted) -> HttpResponse:
    if request.method != "POST":
        return _show(request, wanted)
    by, no_such_box = request.actor, False
    for number, photo in wanted.shown.items():
        sheet = _sheet(by, photo, number, wanted)
        posted = said.by_form(request.POST, sheet)
        no_such_box |= posted.no_such_box
        if not posted.differs(sheet):
            continue
        try:
            keep_boxes(by=by, photograph_id=photo, version=posted.version, boxes=posted.boxes, turn=posted.turn, now=clock.now())
        except ChangedMeanwhile as meanwhile:
            set_boxes_aside(by=by, photograph_id=photo, boxes=posted.boxes, turn=posted.turn, now=clock.now(), new_id=uuid4())
            return _disputed(request, wanted, photo, posted, meanwhile)
        if queries.set_aside(by, photo):  # they saw the other's, and saved theirs
            let_go_of_boxes(by=by, photograph_id=photo, now=clock.now())
    if no_such_box:
        return _show(request, wanted, Problem(words=NO_SUCH_BOX))
    if "save" in request.POST:
        return _save(request, wanted)
    go = request.POST.get("go", "")
    return HttpResponseRedirect(wanted.address(at=min(int(go), len(wanted.photos)) if go.isascii() and go.isdigit() else None))


def _save(request: StaffRequest, wanted: Wanted) -> HttpResponse:
    by, signing = request.actor, said.ticked(request.POST)
    if problems := [*_undecided(by, wanted), *_unsigned(signing)]:
        return _show(request, wanted, *problems)
    try:
        made = tuple(making.make(by, photo, now=clock.now(), approval=uuid4()) for photo in wanted.photos)
        approved = approve_copies(by=by, photograph_ids=wanted.photos, made=made, signing=signing, now=clock.now(), new_id=uuid4())
    except StillUndecided as left:
        number = wanted.photos.index(left.photograph) + 1
        return _show(request, wanted, _still(wanted, number, left.numbers))
    except SeniorSignOffOwed as owed:
        return _show(request, wanted, Problem(words=owed.says, at=reverse("deidentify:sign_off", args=[owed.photograph])))
    except _SAID_HERE as no:
        return _show(request, wanted, Problem(words=no.says))
    return HttpResponseRedirect(
        wanted.next if wanted.next and queries.approvals(by, wanted.photos).keys() == approved.keys() else wanted.done
    )


def _undecided(by: Actor, wanted: Wanted) -> list[Problem]:
    left = {photo: rules.undecided(queries.findings(by, photo)) for photo in wanted.photos}
    return [_still(wanted, number, left[photo]) for number, photo in enumerate(wanted.photos, 1) if left[photo]]


def _still(wanted: Wanted, number: int, numbers: tuple[int, ...]) -> Problem:
    photo = wanted.photos[number - 1]
    words = to_decide(numbers)
    where = f"#boxes-of-{photo}" if photo in wanted.shown.values() else wanted.address(at=number)
    return Problem(words=words if len(wanted.photos) == 1 else f"Photo {number}: {words}", at=where)


def _unsigned(signing: Said) -> list[Problem]:
    if signing.statements == OWED[signing.kind]:
        return []
    missing = min(OWED[signing.kind] - signing.statements, key=list(Statement).index)
    return [Problem(words=TICK, at=f"#looked-{missing.value}")]


def _disputed(request: StaffRequest, wanted: Wanted, photo: UUID, posted: said.Posted, meanwhile: ChangedMeanwhile) -> HttpResponse:
    """Theirs is shown, and this person's stays; who saves once more says that theirs was seen."""
    other = theirs(request.actor, photo, meanwhile)
    response = _show(request, wanted, Problem(words=str(other["says"]), at=f"#dispute-{photo}"), mine=(photo, posted, other))
    response.status_code = meanwhile.status
    return response


def _show(request: StaffRequest, wanted: Wanted, *problems: Problem, mine: tuple[UUID, said.Posted, Theirs] | None = None) -> HttpResponse:
    by, now = request.actor, clock.now()
    patient = one_patient(by, wanted.photos, now=now)
    for photo in wanted.shown.values():
        view_desk(by=by, photograph_id=photo, now=now, new_id=uuid4())
    sheets = [_sheet(by, photo, number, wanted) for number, photo in wanted.shown.items()]
    sheets = [_over(sheet, *mine[1:]) if mine and sheet.id == mine[0] else _with_aside(by, sheet) for sheet in sheets]
    ticked = said.ticked(request.POST).statements if request.method == "POST" else frozenset()
    page = Page(
        wanted=wanted,
        sheets=tuple(sheets),
        covered=frozenset(queries.approvals(by, wanted.photos)),
        ticked=ticked,
        problems=problems,
    )
    shown = {
        "page": page,
        "blank": BLANK,
        "banner": patients.banner(by, patient, today=timezone.localdate(now)),
        "back": _back(wanted, patient),
        "full": sorted(OWED[Checklist.FULL], key=list(Statement).index),
        "urgent": Statement.NOTHING_ELSE if settings.SAFELIGHT_URGENT_CHECKLIST else None,
    }
    return render(request, "deidentify/cover.jinja", shown, using="jinja", status=422 if problems else 200)


def _sheet(by: Actor, photo: UUID, number: int, wanted: Wanted) -> Sheet:
    desk = queries.desk(by, photo, now=clock.now())
    if desk.not_coverable:
        raise _NOT_COVERABLE[desk.not_coverable](photo)
    return Sheet.of(desk, number=number, alone=len(wanted.photos) == 1)


def _over(sheet: Sheet, posted: said.Posted, other: Theirs) -> Sheet:
    mine = sheet.as_said(posted.boxes, turn=posted.turn)
    return replace(mine, disputed=str(other["says"]), dispute=json.dumps(other))


def _with_aside(by: Actor, sheet: Sheet) -> Sheet:
    """With what was kept for this person alone, where the page was left before they chose whose boxes stay."""
    kept, draft = queries.set_aside(by, sheet.id), queries.draft_of(by, sheet.id)
    if kept is None or draft is None:
        return sheet
    posted = said.set_aside(kept, version=draft.version)
    return (
        _over(sheet, posted, theirs(by, sheet.id, ChangedMeanwhile(draft.changed_by, draft.changed_at))) if posted.differs(sheet) else sheet
    )


def _back(wanted: Wanted, patient: UUID) -> dict[str, str]:
    if len(wanted.photos) == 1:
        return {"address": reverse("photographs:photo", args=[wanted.photos[0]]), "words": "Back to the photo"}
    return {"address": reverse("photographs:patient", args=[patient]), "words": "All photos of this patient"}
