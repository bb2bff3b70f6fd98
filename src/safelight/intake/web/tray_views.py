"""The tray: what could not be filed by itself, why, and what a person decides."""

from collections.abc import Collection
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safelight.access import queries as access
from safelight.access.actions.name_patients import name_patients
from safelight.access.actions.note_scan import note_scan
from safelight.audit.request import StaffRequest
from safelight.intake import decisions, queries, tray
from safelight.intake.actions.file_by_hand import file_by_hand
from safelight.intake.actions.look_at_frame import look_at_frame
from safelight.intake.actions.look_into_tray import look_into_tray
from safelight.intake.actions.put_back import put_back
from safelight.intake.actions.set_aside import set_aside
from safelight.intake.errors import MayBeEvidence, NothingChosen
from safelight.intake.lifecycle import Whereabouts
from safelight.intake.models import Sorting
from safelight.intake.reasons import NotAPatient
from safelight.intake.web import tray_forms
from safelight.intake.web.finding import found_by
from safelight.intake.web.tray_shown import Tile, group_of, import_title, visit_choices
from safelight.intake.whose import names_of
from safelight.kernel import clock
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.patients.identity import Identity
from safelight.photographs.errors import EvidenceRoute, NoConsent
from safelight.vault import objects
from safelight.vault.models import Rendition

JPEG = "image/jpeg"


@require_safe
def waiting(request: StaffRequest) -> HttpResponse:
    """Everything in the tray that this person may sort."""
    cards = [(import_title(one.card_import), one) for one in tray.cards_waiting(request.actor)]
    return render(request, "intake/waiting.jinja", {"cards": cards}, using="jinja")


@require_safe
def sort(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """The frames of one card that wait, in groups, each with why and what to do."""
    by, now = request.actor, clock.now()
    look_into_tray(by=by, import_id=import_id, now=now, new_id=uuid4())
    groups = tray.groups(tray.waiting(by, import_id))
    names = _named(by, {group.behind.patient_id for group in groups if group.behind}, now=now)
    aside = tray.waiting(by, import_id, state=Whereabouts.SET_ASIDE)
    card_import = tray.require_sorter(by, import_id)
    shown = {
        "import_id": import_id,
        "title": import_title(card_import),
        "groups": [group_of(group, names) for group in groups],
        "put_aside": [(Tile.of(row), NotAPatient(row.aside).says) for row in aside],
        "evidence": tray.may_be_evidence(by, card_import, [row for group in groups for row in group.rows]),
        "count": sum(len(group.rows) for group in groups),
    }
    return render(request, "intake/sort.jinja", shown, using="jinja")


@require_http_methods(["GET", "POST"])
def to_patient(request: StaffRequest, import_id: UUID, patient_id: UUID) -> HttpResponse:
    """These photos are this patient's: number and birth date beside the photos, a visit, and the record takes them."""
    by, now = request.actor, clock.now()
    access.require(by, patient_id, now=now)
    rows = _chosen(request, import_id)
    visits = visit_choices(by, patient_id, behind=rows[0].behind_id if rows else None, now=now)
    form = tray_forms.Whose(request.POST if request.method == "POST" else None, visits=visits.choices)
    refused = ""
    if request.method == "POST" and form.is_valid():
        visit_id = UUID(form.cleaned_data["visit"])
        frames = list(dict.fromkeys(_frames(request)))
        new_ids = [uuid4() for _ in frames]
        filings = decisions.filings_by_hand(by, frames, visit_id, rows={row.frame_id: row for row in rows}, new_ids=new_ids, now=now)
        try:
            file_by_hand(
                by=by,
                import_id=import_id,
                patient_id=patient_id,
                visit_id=visit_id,
                filings=filings,
                confirmed=form.cleaned_data["confirmed"],
                now=now,
            )
        except (NoConsent, EvidenceRoute) as no:
            refused = no.says
        else:
            return redirect("intake:import", import_id=import_id)
    if request.method == "GET" or form.errors or refused:
        look_into_tray(by=by, import_id=import_id, now=now, new_id=uuid4())
        name_patients(by=by, patients=[patient_id], now=now)
    shown = {
        "import_id": import_id,
        "patient_id": patient_id,
        "banner": patients.banner(by, patient_id, today=timezone.localdate(now)),
        "tiles": [Tile.of(row) for row in rows],
        "form": form,
        "visits": visits,
        "refused": refused,
    }
    return render(request, "intake/to_patient.jinja", shown, using="jinja", status=409 if refused else 200)


@require_http_methods(["GET", "POST"])
def find(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """Somebody else's: whose they are, by wristband, number or surname. Nothing is filed here, and nobody unknown is named."""
    by, now = request.actor, clock.now()
    rows = _chosen(request, import_id)
    photos = urlencode([("photos", str(row.frame_id)) for row in rows])
    form = tray_forms.Find(request.POST if request.method == "POST" else None)
    found = found_by(form.cleaned_data["who"]) if request.method == "POST" and form.is_valid() else None
    if found is not None and len(found.patients) == 1 and found.scanned:
        seen = note_scan(by=by, patient_id=found.patients[0], now=now, new_id=uuid4())
        return redirect(f"{reverse('intake:to_patient', args=[import_id, seen])}?{photos}")
    look_into_tray(by=by, import_id=import_id, now=now, new_id=uuid4())
    names = _named(by, found.patients, now=now) if found else {}
    shown = {
        "import_id": import_id,
        "tiles": [Tile.of(row) for row in rows],
        "form": form,
        "found": found,
        "named": [(patient, names[patient]) for patient in found.patients if patient in names] if found else [],
        "hidden": [patient for patient in found.patients if patient not in names] if found else [],
        "photos": photos,
    }
    return render(request, "intake/find.jinja", shown, using="jinja")


@require_http_methods(["GET", "POST"])
def aside(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """These photos show no patient: why, and they are set aside."""
    by, now = request.actor, clock.now()
    rows = _chosen(request, import_id)
    form = tray_forms.Aside(request.POST if request.method == "POST" else None)
    refused = ""
    if request.method == "POST" and form.is_valid():
        why, frames = NotAPatient(form.cleaned_data["why"]), tuple(_frames(request))
        try:
            set_aside(by=by, import_id=import_id, frames=frames, why=why, now=now)
        except MayBeEvidence as no:
            refused = no.says
        else:
            return redirect("intake:tray", import_id=import_id)
    if request.method == "GET" or form.errors or refused:
        look_into_tray(by=by, import_id=import_id, now=now, new_id=uuid4())
    shown = {"import_id": import_id, "tiles": [Tile.of(row) for row in rows], "form": form, "refused": refused}
    return render(request, "intake/aside.jinja", shown, using="jinja", status=409 if refused else 200)


@require_POST
def back(request: StaffRequest, import_id: UUID) -> HttpResponse:
    """What was set aside goes back into the tray."""
    put_back(by=request.actor, import_id=import_id, frames=tuple(_frames(request)), now=clock.now())
    return redirect("intake:tray", import_id=import_id)


@require_safe
def frame(request: StaffRequest, frame_id: UUID) -> HttpResponse:
    """One frame, larger. It is an entry of its own."""
    look_at_frame(by=request.actor, frame_id=frame_id, now=clock.now(), new_id=uuid4())
    row = queries.sorting(request.actor, frame_id)
    return render(request, "intake/frame.jinja", {"row": row, "tile": Tile.of(row), "import_id": row.read_in_id}, using="jinja")


@require_safe
def thumb(request: StaffRequest, frame_id: UUID) -> StreamingHttpResponse:
    """The small picture, under a permit."""
    return _bytes(request, frame_id, Rendition.THUMB)


@require_safe
def preview(request: StaffRequest, frame_id: UUID) -> StreamingHttpResponse:
    """The larger picture, under a permit."""
    return _bytes(request, frame_id, Rendition.PREVIEW)


def _named(by: Actor, ids: Collection[UUID], *, now: datetime) -> dict[UUID, Identity]:
    """Who those of some patients are whom the actor may see; the ledger says that they were named."""
    names = names_of(by, ids, now=now)
    if names:
        name_patients(by=by, patients=list(names), now=now)
    return names


def _bytes(request: StaffRequest, frame_id: UUID, rendition: Rendition) -> StreamingHttpResponse:
    stored = tray.permitted(request.actor, frame_id, rendition, now=clock.now())
    response = StreamingHttpResponse(objects.open_object(stored), content_type=JPEG)
    response["Content-Length"] = str(stored.size)
    response["Content-Disposition"] = "inline"
    return response


def _frames(request: StaffRequest) -> list[UUID]:
    """The frames that were ticked. Raises NothingChosen, NotFound."""
    said = (request.POST if request.method == "POST" else request.GET).getlist("photos")
    try:
        frames = [UUID(text) for text in said]
    except ValueError:
        raise NotFound from None
    if not frames:
        raise NothingChosen
    return frames


def _chosen(request: StaffRequest, import_id: UUID) -> list[Sorting]:
    """The ticked frames that still wait, in the order of the card. Raises NotForYou, NothingChosen, NotFound."""
    tray.require_sorter(request.actor, import_id)
    wanted = set(_frames(request))
    return [row for row in tray.waiting(request.actor, import_id) if row.frame_id in wanted]
