"""One page from the patient's yes to the slate."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from safelight.access import queries as access
from safelight.access.actions.name_patients import name_patients
from safelight.access.errors import NoCareRelationship
from safelight.audit.request import StaffRequest
from safelight.consent import queries as consents
from safelight.consent.actions.record_consent import record_consent
from safelight.consent.details import Details
from safelight.consent.models import Consent, Purpose, WhoAgreed
from safelight.consent.web.forms import SAME
from safelight.consent.web.shown import in_words, words_for
from safelight.custody import queries as custody
from safelight.custody.models import CheckOut
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.kernel.errors import NotFound, Refusal
from safelight.patients import queries as patients
from safelight.patients.models import Patient
from safelight.photographs import fallback, visits
from safelight.photographs.actions.open_visit import open_visit
from safelight.photographs.sites import REASONS, SITES, SiteSaid
from safelight.photographs.visit_errors import WardRouteLocked
from safelight.photographs.web.nearest import nearest
from safelight.photographs.web.visit_forms import Usual, VisitForm
from safelight.staff import queries as staff
from safelight.vault.fields import seal_field

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class _Bedside:
    """What the page needs to know before anything is asked."""

    patient: Patient
    banner: patients.Banner
    stands: Consent | None
    same: Consent | None
    agreed: frozenset[Purpose]
    usual: Usual
    cameras: list[CheckOut]
    now: datetime

    @property
    def young(self) -> bool:
        return visits.under_age(self.banner.born, today=timezone.localdate(self.now))


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Ask the patient, say where and why, and make the slate."""
    by = request.actor
    bedside = _bedside(request)
    posted = request.POST if request.method == "POST" else None
    form = VisitForm(
        posted,
        words=words_for(by, (posted or request.GET).get("wording") or request.GET.get("words")),
        stands=bedside.same,
        agreed=bedside.agreed,
        usual=bedside.usual,
        cameras=bedside.cameras,
        young=bedside.young,
    )
    if posted is None:
        return _page(request, bedside, form)
    if not form.is_valid():
        return _page(request, bedside, form, status=UNPROCESSABLE)
    try:
        return _made(request, bedside, form)
    except WardRouteLocked as locked:
        return _locked(request, bedside, locked)
    except (NoCareRelationship, NotFound):
        raise
    except Refusal as no:
        form.add_error(None, no.says)
        return _page(request, bedside, form, status=no.status)


def _made(request: StaffRequest, bedside: _Bedside, form: VisitForm) -> HttpResponse:
    by, visit_id, consent_id = request.actor, uuid4(), uuid4()
    earlier = consents.details(by, bedside.same) if bedside.same and form.cleaned_data["answer"] == SAME else Details()
    said = form.said(consent_id, earlier=earlier)
    if not said.photos_agreed:
        record_consent(by=by, patient_id=bedside.patient.pk, said=said, now=bedside.now, new_id=consent_id)
        return redirect("consent:consent", consent_id)
    purpose = form.in_words()
    opened = open_visit(
        by=by,
        patient_id=bedside.patient.pk,
        consent_id=consent_id,
        said=said,
        reason=form.cleaned_data["why"],
        fallback=form.why_not_the_photographer(),
        sites=form.sites(),
        chaperone=form.chaperone_said(),
        purpose=seal_field(purpose.encode(), context=f"visit:{visit_id}:purpose") if purpose else b"",
        born=bedside.banner.born,
        check_out_id=form.camera(),
        now=bedside.now,
        new_id=visit_id,
    )
    return redirect("photographs:slate", opened.pk)


def _bedside(request: StaffRequest) -> _Bedside:
    by, now = request.actor, clock.now()
    try:
        patient = patients.patient(by, UUID(request.GET.get("patient", "")))
    except ValueError:
        raise NotFound from None
    access.require(by, patient.pk, now=now)
    stands, agreed = consents.standing(by, patient.pk), consents.agreed(by, patient.pk)
    repeatable = stands is not None and stands.who_agreed != WhoAgreed.BEST_INTERESTS
    return _Bedside(
        patient=patient,
        banner=patients.banner(by, patient.pk, today=timezone.localdate(now)),
        stands=stands,
        same=stands if repeatable and Purpose.TAKE_AND_KEEP in agreed else None,
        agreed=agreed,
        usual=replace(_usual(request, patient), fallback=fallback.usual(by, now=now)),
        cameras=custody.in_hands(by),
        now=now,
    )


def _usual(request: StaffRequest, patient: Patient) -> Usual:
    if last := visits.last_visit(request.actor, patient.pk):
        return Usual(visits.sites_of(last), last.reason, "as last time")
    ward = staff.ward(request.actor, patient.ward)
    if ward is not None and (ward.default_site or ward.default_reason):
        sites = (SiteSaid(ward.default_site),) if ward.default_site else ()
        return Usual(sites, ward.default_reason, f"as usual on {ward.name}")
    return Usual()


def _page(request: StaffRequest, bedside: _Bedside, form: VisitForm, *, status: int = 200) -> HttpResponse:
    by = request.actor
    name_patients(by=by, patients=[bedside.patient.pk], now=bedside.now)
    shown = {
        "banner": bedside.banner,
        "patient": bedside.patient,
        "form": form,
        "words": form.words,
        "other_words": [each for each in consents.newest_words(by) if each.id != form.words.id],
        "same": in_words(by, bedside.same, every=consents.consents_of(by, bedside.patient.pk)) if bedside.same else None,
        "usual": bedside.usual,
        "young": bedside.young,
        "more_places": any(place.site.value() or place.side.errors for place in form.places() if place.number > 1),
        "site_list": list(SITES.values()),
        "evidence": {reason.code for reason in REASONS.values() if reason.evidential},
        "photographer": by.has(Role.PHOTOGRAPHER),
        "cameras": bedside.cameras,
        "nearest": None if bedside.cameras else nearest(by),
    }
    return render(request, "photographs/visit.jinja", shown, status=status, using="jinja")


def _locked(request: StaffRequest, bedside: _Bedside, locked: WardRouteLocked) -> HttpResponse:
    photographers = [each.name for each in staff.people(request.actor) if Role.PHOTOGRAPHER in each.roles and each.is_active]
    shown = {"banner": bedside.banner, "patient": bedside.patient, "says": locked.says, "photographers": photographers}
    return render(request, "photographs/visit_locked.jinja", shown, status=locked.status, using="jinja")
