"""Opinions as they are filed in a patient's record, for who looks after the patient."""

from collections.abc import Collection
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from safelight.access import queries as access
from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.patients import queries as patients
from safelight.sharing import choosing, queries, rules
from safelight.sharing import thread as threads
from safelight.sharing.actions.view_opinions_of import view_opinions_of
from safelight.sharing.rules import Part

BESIDE = 3


@require_safe
def of_patient(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Every question about a patient and what was answered."""
    by, now = request.actor, clock.now()
    filed = view_opinions_of(by=by, patient_id=patient_id, photograph_id=None, now=now)
    context = {
        "banner": patients.banner(by, patient_id, today=timezone.localdate(now)),
        "ground": access.ground(by, patient_id, now=now),
        "patient": patient_id,
        "threads": [threads.read(by, one, Part.ASKER) for one in filed],
        "may_ask": rules.may_ask(by),
    }
    return render(request, "sharing/of_patient.jinja", context, using="jinja")


def beside_patient(request: StaffRequest, patient_id: UUID) -> SafeString:
    """The card beside a patient's photos: ask, and the latest answers."""
    return _card(request, patient_id, None, f"patient={patient_id}")


def below_timeline(request: StaffRequest, patient_id: UUID) -> SafeString:
    """Below a patient's photos, for who may ask: the button for those that are ticked. Each photo has a tick of this form then."""
    if not rules.may_ask(request.actor):
        return SafeString()
    context = {"patient": patient_id, "most": rules.MOST_PHOTOS}
    return SafeString(render_to_string("sharing/below_timeline.jinja", context, request=request, using="jinja"))


def beside_import(request: StaffRequest, visits: Collection[UUID]) -> SafeString:
    """On the page of a card: the questions that this person wrote at the slates of its photos."""
    kept = [one for one in choosing.arrived(request.actor, now=clock.now()) if one[0].visit_id in visits]
    if not kept:
        return SafeString()
    return SafeString(render_to_string("sharing/beside_import.jinja", {"kept": kept}, request=request, using="jinja"))


def beside_photo(request: StaffRequest, patient_id: UUID, photograph_id: UUID) -> SafeString:
    """The card beside one photo: ask about it, and what was answered about it."""
    return _card(request, patient_id, photograph_id, f"photos={photograph_id}")


def beside_slate(request: StaffRequest, visit_id: UUID) -> SafeString:
    """Beside a slate: write the question while the photos are taken."""
    by = request.actor
    kept = next((one for one in queries.kept_by(by) if one.visit_id == visit_id), None)
    context = {"visit": visit_id, "kept": kept, "may_ask": rules.may_ask(by)}
    return SafeString(render_to_string("sharing/beside_slate.jinja", context, request=request, using="jinja"))


def beside_home(request: StaffRequest) -> SafeString:
    """On Home: patients one is called to, questions whose photos are in, and what emergency calls owe. Rows of a list, or nothing."""
    by, now = request.actor, clock.now()
    calls = queries.calls_owed(by)
    context = {
        "let_in": queries.let_in_to(by, now=now),
        "kept": choosing.arrived(by, now=now),
        "calls": len(calls),
        "late": any(now > call.due_at for call in calls),
    }
    if not any(context.values()):
        return SafeString()
    return SafeString(render_to_string("sharing/beside_home.jinja", context, request=request, using="jinja"))


def _card(request: StaffRequest, patient_id: UUID, photograph_id: UUID | None, query: str) -> SafeString:
    by = request.actor
    filed = queries.filed(by, patient_id, photograph_id=photograph_id, most=1)
    if filed:
        filed = list(view_opinions_of(by=by, patient_id=patient_id, photograph_id=photograph_id, now=clock.now()))
    context = {
        "threads": [threads.read(by, one, Part.ASKER) for one in filed[:BESIDE]],
        "more": len(filed) > BESIDE,
        "patient": patient_id,
        "query": query,
        "kept": next((one for one in queries.kept_by(by) if one.visit.patient_id == patient_id), None) if photograph_id is None else None,
        "may_ask": rules.may_ask(by),
        "emergency": settings.SAFELIGHT_EMERGENCY_LANE and photograph_id is None and rules.may_ask(by),
    }
    return SafeString(render_to_string("sharing/card.jinja", context, request=request, using="jinja"))
