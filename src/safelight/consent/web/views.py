"""A consent, its copy for the patient, taking it back, asking without photos, and who must still be asked."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from safelight.access import queries as access
from safelight.access.actions.name_patients import name_patients
from safelight.audit.request import StaffRequest
from safelight.consent import queries, rules
from safelight.consent.actions.record_consent import record_consent
from safelight.consent.actions.view_consent import view_consent
from safelight.consent.actions.withdraw_consent import withdraw_consent
from safelight.consent.details import Details, path_of
from safelight.consent.errors import ChangedMeanwhile, NothingToWithdraw
from safelight.consent.lifecycle import ConsentState
from safelight.consent.models import Consent, ConsentOwed, Purpose, WhoAgreed
from safelight.consent.web.forms import SAME, ConsentForm, WithdrawForm
from safelight.consent.web.shown import MAY_LOOK, in_words, words_for
from safelight.kernel import clock
from safelight.kernel.errors import NotFound, Refusal
from safelight.patients import queries as patients

UNPROCESSABLE = 422


@require_safe
def consent(request: StaffRequest, consent_id: UUID) -> HttpResponse:
    """What was said, in the words that were shown then."""
    by, now = request.actor, clock.now()
    found = view_consent(by=by, consent_id=consent_id, now=now)
    details = queries.details(by, found)
    about = _about(request, found)
    shown = {
        **about,
        "details": details,
        "signature": path_of(details.signature),
        "earlier": [in_words(by, each) for each in about["every"] if each.pk != found.pk],
        "owed": next((each for each in queries.to_ask(by, found.patient_id) if each.consent_id == found.pk), None),
        "stands": found.state == ConsentState.STANDS and about["replaced_at"] is None,
        "publications": queries.publications(by, found.patient_id),
    }
    return render(request, "consent/consent.jinja", shown, using="jinja")


@require_safe
def copy(request: StaffRequest, consent_id: UUID) -> HttpResponse:
    """The sheet that the patient takes along, in normal or large print."""
    found = view_consent(by=request.actor, consent_id=consent_id, now=clock.now())
    shown = {
        **_about(request, found),
        "large": request.GET.get("large") == "1",
        "may_look": MAY_LOOK,
        "decided": found.who_agreed == WhoAgreed.BEST_INTERESTS,
    }
    return render(request, "consent/copy.jinja", shown, using="jinja")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: StaffRequest, consent_id: UUID) -> HttpResponse:
    """Stop showing photos: what the patient takes back, at once, and what cannot be undone."""
    by, now = request.actor, clock.now()
    found = view_consent(by=by, consent_id=consent_id, now=now) if request.method != "POST" else queries.consent(by, consent_id)
    access.require(by, found.patient_id, now=now)
    about = _about(request, found)
    form = WithdrawForm(
        request.POST if request.method == "POST" else None,
        words=words_for(by, str(found.wording_id)),
        agreed=about["said"].agreed,
    )
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            try:
                withdraw_consent(by=by, consent_id=consent_id, purposes=frozenset(form.cleaned_data["purposes"]), now=now)
            except (ChangedMeanwhile, NothingToWithdraw) as no:
                form.add_error(None, no.says)
                status = no.status
            else:
                return redirect("consent:consent", consent_id)
    return render(request, "consent/withdraw.jinja", about | {"form": form}, status=status, using="jinja")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Ask the patient without taking photos now: what was owed, or what has changed."""
    by, now = request.actor, clock.now()
    try:
        patient = patients.patient(by, UUID(request.GET.get("patient", "")))
    except ValueError:
        raise NotFound from None
    access.require(by, patient.pk, now=now)
    posted = request.POST if request.method == "POST" else None
    stands = queries.standing(by, patient.pk)
    same = stands if stands is not None and stands.who_agreed != WhoAgreed.BEST_INTERESTS else None
    words = words_for(by, (posted or request.GET).get("wording") or request.GET.get("words"))
    form = ConsentForm(posted, words=words, stands=same, agreed=queries.agreed(by, patient.pk))
    status = 200 if posted is None else UNPROCESSABLE
    if posted is not None and form.is_valid():
        consent_id = uuid4()
        earlier = queries.details(by, same) if same and form.cleaned_data["answer"] == SAME else Details()
        try:
            record_consent(by=by, patient_id=patient.pk, said=form.said(consent_id, earlier=earlier), now=now, new_id=consent_id)
        except Refusal as no:
            form.add_error(None, no.says)
            status = no.status
        else:
            return redirect("consent:consent", consent_id)
    name_patients(by=by, patients=[patient.pk], now=now)
    shown = {
        "banner": patients.banner(by, patient.pk, today=timezone.localdate(now)),
        "patient": patient,
        "form": form,
        "words": form.words,
        "other_words": [each for each in queries.newest_words(by) if each.id != form.words.id],
        "same": in_words(by, same, every=queries.consents_of(by, patient.pk)) if same else None,
        "owed": queries.to_ask(by, patient.pk),
    }
    return render(request, "consent/new.jinja", shown, status=status, using="jinja")


@dataclass(frozen=True, slots=True)
class _Owed:
    owed: ConsentOwed
    patient: UUID
    name: str
    late: bool


@require_safe
def owed(request: StaffRequest) -> HttpResponse:
    """Patients who could not be asked and must be asked now, the late first. Names only of those whom the reader may see."""
    by, now = request.actor, clock.now()
    rows = queries.owed(by, now=now)
    seen = access.may_see_many(by, [row.consent.patient_id for row in rows], now=now)
    if seen:
        name_patients(by=by, patients=seen, now=now)
    names = patients.identities(by, seen)
    shown = [
        _Owed(row, row.consent.patient_id, f"{known.family}, {known.given}", rules.overdue(row, now=now))
        for row in rows
        if (known := names.get(row.consent.patient_id))
    ]
    return render(request, "consent/owed.jinja", {"rows": shown, "others": len(rows) - len(shown)}, using="jinja")


def _about(request: StaffRequest, found: Consent) -> dict[str, Any]:
    """What every page of a consent shows. `replaced_at` is since when another counts instead: of two records that became one, two may
    stand.
    """
    by = request.actor
    every = queries.consents_of(by, found.patient_id)
    banner = patients.banner(by, found.patient_id, today=timezone.localdate(clock.now()))
    return {
        "consent": found,
        "every": every,
        "replaced_at": every[0].asked_at if every[0].pk != found.pk else found.ended_at if found.state == ConsentState.SUPERSEDED else None,
        "said": in_words(by, found, every=every),
        "banner": banner,
        "child": rules.child_who_decided(found, banner.born, on=timezone.localdate(found.asked_at)),
        "Purpose": Purpose,
    }
