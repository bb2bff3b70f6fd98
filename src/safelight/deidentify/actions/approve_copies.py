from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.deidentify import queries, rules
from safelight.deidentify.errors import (
    ChangedMeanwhile,
    NotOpened,
    NotSigned,
    NotThisPhoto,
    OnePatientAtATime,
    SeniorSignOffOwed,
    SlateFrame,
    StillLooking,
    StillUndecided,
    refusal,
)
from safelight.deidentify.facts import ChecklistSigned, CopyApproved
from safelight.deidentify.lifecycle import COVERED_COPY, CopyMove
from safelight.deidentify.models import Approval, CoveredCopy, Signing, SignOff
from safelight.deidentify.said import Made, Said
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.photographs.models import Photograph
from safelight.photographs.rules import restricted
from safelight.vault.models import StoredObject


@action
def approve_copies(
    *, by: Actor, photograph_ids: tuple[UUID, ...], made: tuple[Made, ...], signing: Said, now: datetime, new_id: UUID
) -> dict[UUID, Approval]:
    """Sign a checklist for a set of photos, whose covered copies may be shown to others from now on. All of them, or none.

    1. The actor may see the patient, who is one and the same.
    2. Each photo can have a covered copy: no slate, no video; evidence is the photographer's.
    3. The actor has opened each as it is now, and signs every statement.
    4. Nothing is undecided, and the computer has come to its end or has been given up.
    5. Each copy was made of the newest draft. An intimate one of somebody under 18 has its second, senior person.
    6. Copy, object and approval become one in this transaction. The copy is shown to others once the computer has looked again at it.
    """
    photographs = queries.locked(by, photograph_ids)
    _check_patient(by, photographs, now=now)  # (1)
    pairs = _paired(photographs, made)
    for photograph, copy in pairs:
        _check_photo(by, photograph, copy, now=now)  # (2) (3) (4)
    if not rules.signed(signing, urgent_allowed=settings.SAFELIGHT_URGENT_CHECKLIST):  # (3)
        raise NotSigned(*photograph_ids)
    drafts = [_draft(by, photograph, copy) for photograph, copy in pairs]  # (5)
    signed = _sign(by, pairs, signing, now=now, new_id=new_id)  # (6)
    return {one.pk: _approve(by, one, copy, draft, signed, now=now) for (one, copy), draft in zip(pairs, drafts, strict=True)}


def _check_patient(by: Actor, photographs: Sequence[Photograph], *, now: datetime) -> None:
    for patient in {photograph.patient_id for photograph in photographs}:
        access.require(by, patient, now=now)
    if len({patients.patient(by, photograph.patient_id).pk for photograph in photographs}) != 1:
        raise OnePatientAtATime


def _paired(photographs: Sequence[Photograph], made: Sequence[Made]) -> list[tuple[Photograph, Made]]:
    by_photo = {each.photograph: each for each in made}
    if len(by_photo) != len(made) or by_photo.keys() != {photograph.pk for photograph in photographs}:
        raise NotThisPhoto(*by_photo)
    return [(photograph, by_photo[photograph.pk]) for photograph in photographs]


def _check_photo(by: Actor, photograph: Photograph, made: Made, *, now: datetime) -> None:
    if why := queries.coverable(by, photograph):
        raise refusal(why)(photograph.pk)
    if made.slate:
        raise SlateFrame(photograph.pk)
    if not queries.opened(by, photograph):
        raise NotOpened(photograph.pk)
    if numbers := rules.undecided(queries.findings(by, photograph.pk)):
        raise StillUndecided(photograph.pk, numbers)
    if queries.finder_state(by, photograph, now=now) is rules.FinderState.LOOKING:
        raise StillLooking(photograph.pk)


def _draft(by: Actor, photograph: Photograph, made: Made) -> tuple[CoveredCopy, SignOff | None]:
    newest = queries.newest_copy(by, photograph.pk)
    if newest is None:
        raise NotOpened(photograph.pk)
    if not rules.is_draft(newest, photograph, version=made.version):
        raise ChangedMeanwhile(newest.changed_by, newest.changed_at)
    if made.turn != newest.turn or not rules.fits(made, photograph, rules.covered(queries.findings(by, photograph.pk))):
        raise NotThisPhoto(photograph.pk)
    sign_off = queries.sign_off(by, photograph) if restricted(photograph, young=made.young) else None
    if restricted(photograph, young=made.young) and (sign_off is None or sign_off.by == by.id):
        raise SeniorSignOffOwed(photograph.pk)
    return newest, sign_off


def _sign(by: Actor, pairs: Sequence[tuple[Photograph, Made]], said: Said, *, now: datetime, new_id: UUID) -> Signing:
    statements = tuple(sorted(said.statements))
    looked_at = [{"photograph": str(photograph.pk), "digest": made.digest, "version": made.version} for photograph, made in pairs]
    state(
        ChecklistSigned(signing=new_id, kind=said.kind, statements=statements, photographs=tuple(photograph.pk for photograph, _ in pairs))
    )
    return Signing.objects.create(id=new_id, kind=said.kind, statements=statements, photographs=looked_at, by=by.id, at=now)


def _approve(
    by: Actor, photograph: Photograph, made: Made, drafted: tuple[CoveredCopy, SignOff | None], signing: Signing, *, now: datetime
) -> Approval:
    copy, sign_off = drafted
    stored = StoredObject.from_kept(made.kept, at=now)
    stored.save(force_insert=True)
    facts = {
        "stored": stored,
        "digest": made.digest,
        "how": made.how,
        "areas": [[area.x, area.y, area.w, area.h] for area in made.areas],
        "width": made.width,
        "height": made.height,
        "again": queries.shown_again(by, photograph.pk),
        "flagged": made.flagged or queries.finder_state(by, photograph, now=now) is rules.FinderState.FAILED,
        "young": made.young,
        "restricted": sign_off is not None,
        "signing": signing,
        "sign_off": sign_off,
    }
    move(copy, COVERED_COPY, CopyMove.APPROVE, by=by, at=now, decided_by=by.id, decided_at=now, changed_by=by.id, changed_at=now, **facts)
    approval = Approval.objects.create(id=made.approval, copy=copy, by=by.id, at=now)
    state(
        CopyApproved(
            photograph=photograph.pk,
            patient=photograph.patient_id,
            copy=copy.pk,
            approval=approval.pk,
            digest=made.digest,
            copy_digest=made.kept.digest,
            covered=len(made.areas),
            again=copy.again,
            flagged=copy.flagged,
            restricted=copy.restricted,
        )
    )
    return approval
