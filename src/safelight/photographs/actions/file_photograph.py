from datetime import datetime

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.custody import queries as custody
from safelight.custody.rules import confirmed
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.photographs import queries, rules, visits
from safelight.photographs.errors import AlreadyFiled, EvidenceRoute, NoConsent, NotSafeYet, OtherHolder
from safelight.photographs.facts import PhotographFiled
from safelight.photographs.filing import Filing
from safelight.photographs.models import Photograph
from safelight.vault.models import StoredObject


@action
def file_photograph(*, by: Actor, filing: Filing, now: datetime) -> Photograph:
    """File a frame in the record of its visit's patient.

    1. The actor may see this patient; evidence is filed by the photographer, or by its slate.
    2. The patient agreed to photos before this one was taken, and has not taken it back; or it is of a kind that needs no consent.
    3. The vault's copy was read back whole.
    4. Every object becomes the patient's. Who comes second finds another wrap, and files nothing.
    """
    visit = queries.visit(by, filing.visit)  # (1)
    patient = patients.patient(by, visit.patient_id)
    access.require(by, patient.pk, now=now)
    if not rules.may_handle(by, visit):
        raise EvidenceRoute(visit.pk)
    if not visits.agreed(by, visit, at=filing.taken_at):  # (2)
        raise NoConsent(filing.frame)
    frame = custody.frame(by, filing.frame)  # (3)
    if not confirmed(frame) or frame.stored is None:
        raise NotSafeYet(frame.pk)
    if Photograph.objects.filter(frame=frame).exists():  # (4)
        raise AlreadyFiled(frame.pk)
    named = {frame.stored.pk, *(name for name in (filing.preview, filing.thumb) if name)}
    if not rules.all_become(patient.pk, named, filing.rewrapped):
        raise OtherHolder(frame.pk)
    if not all(StoredObject.apply(wrap) for wrap in filing.rewrapped):
        raise AlreadyFiled(frame.pk)
    photograph = Photograph.objects.create(
        id=filing.photograph,
        patient=patient,
        visit=visit,
        frame=frame,
        record_copy=frame.stored,
        preview_id=filing.preview,
        thumb_id=filing.thumb,
        kind=filing.kind,
        site=filing.site,
        laterality=filing.laterality,
        site_assumed=filing.site_assumed,
        view=filing.view,
        reason=visit.reason,
        taken_at=filing.taken_at,
        camera_id=filing.camera,
        width=filing.width,
        height=filing.height,
        hints=list(filing.hints),
        raw_of_id=filing.raw_of,
        filed_at=now,
        filed_by=by.id,
    )
    state(PhotographFiled(photograph=photograph.pk, patient=patient.pk, visit=visit.pk, frame=frame.pk))
    return photograph
