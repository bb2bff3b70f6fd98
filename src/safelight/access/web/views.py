"""Opening a record by a reason, and what the IG lead makes of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safelight.access import queries, rules
from safelight.access.actions.break_glass import break_glass
from safelight.access.actions.list_break_glass import list_break_glass
from safelight.access.actions.review_break_glass import review_break_glass
from safelight.access.errors import OwnReview, ProofTooOld, ReasonMissing, ReviewedAlready
from safelight.access.models import CareRelationship
from safelight.access.rules import Reason, Verdict
from safelight.access.sealing import open_words, seal_words
from safelight.access.web.forms import ReasonForm, ReviewForm
from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.patients import queries as patients
from safelight.staff import queries as staff
from safelight.staff.web.back import safe_path
from safelight.staff.web.door import fresh_proof

NOT_RIGHT = 422


@require_http_methods(["GET", "HEAD", "POST"])
def open_record(request: StaffRequest, patient_id: UUID) -> HttpResponseBase:
    """Say why, and open. The proof is asked for before anything is typed, so that nothing typed is lost."""
    return _say_why(request, patient_id) if request.method == "POST" else _ask_why(request, patient_id)


@fresh_proof(minutes=5)
def _ask_why(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    patients.patient(request.actor, patient_id)
    return _page(request, patient_id, ReasonForm())


def _say_why(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    by, now, new_id, form = request.actor, clock.now(), uuid4(), ReasonForm(request.POST)
    if not form.is_valid():
        patients.patient(by, patient_id)
        return _page(request, patient_id, form)
    words = seal_words(form.cleaned_data["words"], relationship_id=new_id)
    try:
        break_glass(by=by, patient_id=patient_id, reason=Reason(form.cleaned_data["reason"]), words=words, now=now, new_id=new_id)
    except (ProofTooOld, ReasonMissing) as refusal:
        form.add_error(None, refusal.says)
        return _page(request, patient_id, form)
    return HttpResponseRedirect(_next(request, patient_id))


def _next(request: StaffRequest, patient_id: UUID) -> str:
    """Where the person wanted to go: a path of this site, else the patient's page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return safe_path(wanted) if wanted else reverse("photographs:patient", args=[patient_id])


def _page(request: StaffRequest, patient_id: UUID, form: ReasonForm) -> HttpResponse:
    shown = {"form": form, "patient": patient_id, "next": _next(request, patient_id)}
    return render(request, "access/open.jinja", shown, using="jinja", status=NOT_RIGHT if form.errors else 200)


@dataclass(frozen=True, slots=True)
class Opened:
    """One opened record on the list. `words` were typed by who opened it."""

    row: CareRelationship
    reason: str
    words: str
    due_at: datetime
    late: bool
    often: bool
    own: bool
    verdict: str


@require_safe
def opened_records(request: StaffRequest) -> HttpResponse:
    """Who opened whose record without looking after the patient: for the IG lead."""
    return _list(request)


@require_POST
def review(request: StaffRequest, relationship_id: UUID) -> HttpResponse:
    """Say whether a record was rightly opened."""
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _list(request, problem="Choose what the review found.")
    try:
        review_break_glass(
            by=request.actor, relationship_id=relationship_id, verdict=Verdict(form.cleaned_data["verdict"]), now=clock.now()
        )
    except (ReviewedAlready, OwnReview) as refusal:
        return _list(request, problem=refusal.says)
    return HttpResponseRedirect(reverse("access:opened_records"))


def _list(request: StaffRequest, *, problem: str = "") -> HttpResponse:
    by, now = request.actor, clock.now()
    rows = list_break_glass(by=by, now=now)
    often = queries.often(by, rows)
    shown = [_opened(by.id, row, often=row.pk in often, now=now) for row in rows]
    names = staff.names_of(by, {row.person for row in rows} | {row.reviewed_by for row in rows if row.reviewed_by})
    context = {
        "waiting": [one for one in shown if one.row.reviewed_at is None],
        "done": [one for one in shown if one.row.reviewed_at is not None],
        "names": names,
        "verdicts": [(verdict.value, verdict.words) for verdict in Verdict],
        "problem": problem,
    }
    return render(request, "access/opened_records.jinja", context, using="jinja", status=NOT_RIGHT if problem else 200)


def _opened(reader: UUID, row: CareRelationship, *, often: bool, now: datetime) -> Opened:
    due_at = row.began_at + rules.REVIEW_WITHIN
    return Opened(
        row=row,
        reason=Reason(row.reason).words,
        words=open_words(row.words, relationship_id=row.pk),
        due_at=due_at,
        late=(row.reviewed_at or now) > due_at,
        often=often,
        own=row.person == reader,
        verdict=Verdict(row.verdict).words if row.verdict else "",
    )
