from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.consent import queries, rules
from safelight.consent.errors import ChangedMeanwhile, NothingToWithdraw, NotYoursToAsk
from safelight.consent.facts import ConsentLowered
from safelight.consent.lifecycle import CONSENT, ConsentMove, ConsentState
from safelight.consent.models import Answer, Consent, Purpose
from safelight.kernel.actor import Actor


@action
def withdraw_consent(*, by: Actor, consent_id: UUID, purposes: frozenset[Purpose], now: datetime) -> Consent:
    """Take back what a patient agreed to, in whole or in part. It holds from this moment on (B6).

    1. The actor asks patients, and may see this one.
    2. The consent stands: what replaced it would be lowered instead.
    3. Each purpose chosen was agreed to. One that was taken back already is no hindrance to the others.
    4. Where nothing is agreed to any more, the consent has ended.
    """
    found = queries.consent(by, consent_id)
    access.require(by, found.patient_id, now=now)  # (1)
    if not rules.may_ask(by):
        raise NotYoursToAsk
    stands = Consent.objects.select_for_update().filter(pk=consent_id, state=ConsentState.STANDS).first()  # (2)
    if stands is None:
        raise ChangedMeanwhile(consent_id)
    lowered = tuple(  # (3)
        int(purpose)
        for purpose in sorted(purposes)
        if Answer.objects.filter(consent=stands, purpose=purpose, yes=True, withdrawn_at=None).update(withdrawn_at=now, withdrawn_by=by.id)
    )
    if not lowered:
        raise NothingToWithdraw(consent_id)
    if not Answer.objects.filter(consent=stands, yes=True, withdrawn_at=None).exists():  # (4)
        move(stands, CONSENT, ConsentMove.WITHDRAW, by=by, at=now, ended_at=now)
    state(ConsentLowered(patient=stands.patient_id, consent=consent_id, purposes=lowered))
    return stands
