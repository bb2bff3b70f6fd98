from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.consent import queries as consents
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.sharing import askable, queries, rules
from safelight.sharing.actions.finish_kept_question import finish_kept_question
from safelight.sharing.asking import Asking, Fresh, Recipient
from safelight.sharing.errors import AskedAlready, NoConsentToShare, NotYoursToAsk, ProofTooOld
from safelight.sharing.facts import OpinionAsked
from safelight.sharing.models import Opinion, ShareItem, Urgency


@action
def ask_opinion(*, by: Actor, asking: Asking, now: datetime) -> tuple[Opinion, ...]:
    """Ask one team, person or guest, or several, what they think of some covered photos.

    1. The asker treats or photographs, and looks after the patient; a record opened by a reason is not enough.
    2. How soon is said, and the question is written. What in it may name the patient was confirmed by a person (E2, G8).
    3. Everybody asked can be asked: works here, is not the asker, and hears an urgent question. Elsewhere needs fresh proof (S3).
    4. Each photo is this patient's and has a covered copy that may be shown to them.
    5. The patient agrees that these people see it (B2).
    6. One opinion for each. What goes outside is held for 30 seconds (G6). A form that comes twice asks once, a kept question too.
    """
    if not rules.may_ask(by):  # (1)
        raise NotYoursToAsk
    patient = patients.patient(by, asking.patient).pk
    access.require_care(by, patient, now=now)
    urgency = askable.require_said(asking, now=now)  # (2)
    askable.require_askable(by, asking, now=now)  # (3)
    if any(one.guest for one in asking.to) and not by.proved_within(rules.PROOF_FOR, now=now):
        raise ProofTooOld
    approvals = askable.require_covered(by, asking, patient=patient)  # (4)
    if earlier := queries.of_asking(by, asking.id):
        raise AskedAlready(*(one.pk for one in earlier))
    rows = tuple(
        _opinion(asking, place, to, fresh, urgency=urgency, patient=patient, by=by, now=now)
        for place, (to, fresh) in enumerate(zip(asking.to, asking.fresh, strict=True))
    )
    if not all(consents.allows(by, patient, rules.purpose_for(row), at=now) for row in rows):  # (5)
        raise NoConsentToShare(patient)
    try:
        with transaction.atomic():
            Opinion.objects.bulk_create(rows)  # (6)
    except IntegrityError:
        raise AskedAlready(*(one.pk for one in queries.of_asking(by, asking.id))) from None
    for row, fresh in zip(rows, asking.fresh, strict=True):
        ids = zip(fresh.items, approvals, strict=False)
        ShareItem.objects.bulk_create(
            ShareItem(id=item, opinion=row, approval=approval, place=place) for place, (item, approval) in enumerate(ids)
        )
        state(_asked(row, copies=len(approvals), doubts=len(asking.doubts)))
    if asking.kept:
        finish_kept_question(by=by, question_id=asking.kept, asked_as=asking.id, now=now)
    return rows


def _opinion(
    asking: Asking, place: int, to: Recipient, fresh: Fresh, *, urgency: Urgency, patient: UUID, by: Actor, now: datetime
) -> Opinion:
    return Opinion(
        id=fresh.opinion,
        public_id=fresh.public_id,
        asking=asking.id,
        place=place,
        patient_id=patient,
        question=asking.questions[place],
        urgency=urgency,
        asked_by=by.id,
        asked_at=now,
        held_until=now + (rules.HOLD if to.guest else timedelta(0)),
        expires_at=asking.expires_at,
        team_id=to.team,
        person_id=to.person,
        guest_id=to.guest,
        openings_left=rules.GUEST_OPENINGS if to.guest else None,
    )


def _asked(row: Opinion, *, copies: int, doubts: int) -> OpinionAsked:
    return OpinionAsked(
        opinion=row.pk,
        patient=row.patient_id,
        urgency=row.urgency,
        team=row.team_id,
        person=row.person_id,
        guest=row.guest_id,
        held_until=row.held_until,
        expires_at=row.expires_at,
        copies=copies,
        doubts_confirmed=doubts,
    )
