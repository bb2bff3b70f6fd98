from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from safelight.access import queries as access
from safelight.access.actions.note_visit import note_visit
from safelight.audit.action import action, state
from safelight.consent import queries as consents
from safelight.consent.actions.record_consent import record_consent
from safelight.consent.models import Purpose
from safelight.consent.said import Said
from safelight.custody import queries as custody
from safelight.custody.actions.hold_card import hold_card
from safelight.kernel.actor import Actor, Role
from safelight.patients import queries as patients
from safelight.photographs import sites as places
from safelight.photographs import visits
from safelight.photographs.errors import UnknownSite
from safelight.photographs.facts import VisitOpened
from safelight.photographs.models import EXEMPT, Chaperone, Fallback, Recording, Visit
from safelight.photographs.sites import REASONS, Reason, SiteSaid
from safelight.photographs.visit_errors import (
    ChaperoneNotSaid,
    ExemptForCareAlone,
    NoPhotosAgreed,
    NotForTeachingAlone,
    NotInYourHands,
    PurposeNotSaid,
    UnknownReason,
    WardRouteLocked,
    WhyNotThePhotographer,
)


@action
def open_visit(
    *,
    by: Actor,
    patient_id: UUID,
    consent_id: UUID | None,
    reason: str,
    fallback: Fallback,
    sites: tuple[SiteSaid, ...],
    check_out_id: UUID | None,
    now: datetime,
    new_id: UUID,
    evidential: bool = False,
    said: Said | None = None,
    chaperone: Chaperone = Chaperone.NOT_ASKED,
    purpose: bytes = b"",
    born: date | None = None,
    recording: Recording = Recording.PHOTO,
) -> Visit:
    """Begin one patient's photos: what the patient has just said, or what stands, becomes a visit that makes slates.

    1. The actor may see the patient. What may be evidence is the medical photographer's, and the ward route is locked (C9).
       Whoever is no photographer says why none takes the photos (A7).
    2. With `said` the consent is recorded now under `consent_id`; without, it must stand. It allows photos, for this reason (B1, B4).
       An exempt kind of recording needs none, and is for care, never for teaching or evidence (B10).
    3. Every site has its side (C3); an intimate one says what became of the chaperone (C7), and under 18 why, in words (F6).
    4. The camera is one in the actor's hands; none is no hindrance, but evidence has a card to hold (D5).
    5. Whoever photographs a patient may see the photos.
    """
    patient = patients.patient(by, patient_id)  # (1)
    access.require(by, patient.pk, now=now)
    why = REASONS.get(reason)
    if why is None:
        raise UnknownReason(patient_id)
    if (fallback is Fallback.PHOTOGRAPHER) != by.has(Role.PHOTOGRAPHER):
        raise WhyNotThePhotographer(patient_id)
    evidential = evidential or why.evidential
    if evidential and not by.has(Role.PHOTOGRAPHER):
        raise WardRouteLocked(patient_id)
    if recording in EXEMPT:  # (2)
        if consent_id is not None or why.teaching or evidential:
            raise ExemptForCareAlone(patient_id)
    else:
        _check_consent(by, patient.pk, consent_id, why, said, now=now)
    _check_sites(sites, chaperone=chaperone, purpose=purpose, young=visits.under_age(born, today=timezone.localdate(now)))  # (3)
    if check_out_id not in {out.pk for out in custody.in_hands(by)} | (set() if evidential else {None}):  # (4)
        raise NotInYourHands(patient_id)
    if evidential and check_out_id is not None:
        hold_card(by=by, check_out_id=check_out_id, now=now)
    note_visit(by=by, patient_id=patient.pk, now=now, new_id=new_id)  # (5)
    visit = Visit.objects.create(
        id=new_id,
        patient=patient,
        consent_id=consent_id,
        recording=recording,
        reason=reason,
        fallback=fallback,
        sites=[{"site": each.site, "laterality": str(each.laterality)} for each in sites],
        evidential=evidential,
        chaperone=chaperone,
        purpose=purpose,
        check_out_id=check_out_id,
        opened_by=by.id,
        opened_at=now,
    )
    state(
        VisitOpened(
            visit=new_id,
            patient=patient.pk,
            consent=consent_id,
            exempt=recording in EXEMPT,
            check_out=check_out_id,
            evidential=evidential,
            sites=len(sites),
        )
    )
    return visit


def _check_consent(by: Actor, patient: UUID, consent_id: UUID | None, why: Reason, said: Said | None, *, now: datetime) -> None:
    if said is not None and consent_id is not None:
        record_consent(by=by, patient_id=patient, said=said, now=now, new_id=consent_id)
    stands = consents.standing(by, patient)
    if stands is None or stands.pk != consent_id or not consents.allows(by, patient, Purpose.TAKE_AND_KEEP, at=now):
        raise NoPhotosAgreed(patient)
    if why.teaching and not consents.allows(by, patient, Purpose.TEACH_HERE, at=now):
        raise NotForTeachingAlone(patient)


def _check_sites(sites: tuple[SiteSaid, ...], *, chaperone: Chaperone, purpose: bytes, young: bool) -> None:
    if not sites or len(set(sites)) != len(sites) or not all(places.whole(each) for each in sites):
        raise UnknownSite
    if visits.intimate(sites) != (chaperone != Chaperone.NOT_ASKED):
        raise ChaperoneNotSaid
    if visits.intimate(sites) and young and not purpose:
        raise PurposeNotSaid
