from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.consent import queries, rules
from safelight.consent.errors import (
    ChangedMeanwhile,
    DetailMissing,
    NotAllAnswered,
    NotYoursToAsk,
    OnlyForCare,
    SaidNoWhileAble,
    UnknownWords,
)
from safelight.consent.facts import ConsentIsOwed, ConsentLowered, ConsentRecorded, ConsentSettled
from safelight.consent.lifecycle import CONSENT, ConsentMove, ConsentState
from safelight.consent.models import Answer, Consent, ConsentOwed, Purpose, WhoAgreed, Wording
from safelight.consent.said import Said
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients


@action
def record_consent(*, by: Actor, patient_id: UUID, said: Said, now: datetime, new_id: UUID) -> Consent:
    """Record what a patient, or who speaks for them, said about photos. A no is recorded like a yes.

    1. The actor asks patients, and may see this one.
    2. Every purpose has its own answer, in words that are kept; who agreed and how is whole.
    3. In best interests only care is decided, and not against what the patient said while able: a child's no counts, too.
    4. What is "still the same" is the same as what stands, said by the same.
    5. One consent stands for a patient: the earlier one is superseded, and what it allowed beyond this ends.
    6. A patient who could not be asked is asked later; whoever can decide settles what was owed.
    """
    patient = patients.patient(by, patient_id)  # (1)
    access.require(by, patient.pk, now=now)
    if not rules.may_ask(by):
        raise NotYoursToAsk
    # Held until the end, so that nothing is taken back between reading what stands and replacing it.
    standing = Consent.objects.select_for_update().filter(patient__in=patients.same_patient(by, patient.pk), state=ConsentState.STANDS)
    ended = list(standing.order_by("-asked_at", "-pk"))
    earlier = ended[0] if ended else None
    _check_whole(said)  # (2)
    if said.who is WhoAgreed.BEST_INTERESTS and said.yes & rules.said_no(queries.consents_of(by, patient.pk)):  # (3)
        raise SaidNoWhileAble(patient.pk)
    before = queries.agreed(by, patient.pk)
    if said.same_as is not None and not rules.still_the_same(said, earlier, before):  # (4)
        raise ChangedMeanwhile(said.same_as)
    for each in ended:  # (5) more than one only where two records of a patient became one
        move(each, CONSENT, ConsentMove.SUPERSEDE, by=by, at=now, ended_at=now)
    made = _stand(by, patient.pk, said, earlier, now=now, new_id=new_id)
    state(_recorded(made, said))
    if lowered := before - rules.agreed(made, list(made.answers.all())):
        state(ConsentLowered(patient=patient.pk, consent=new_id, purposes=_numbers(lowered)))
    _owe_or_settle(by, made, now=now)  # (6)
    return made


def _check_whole(said: Said) -> None:
    if rules.unanswered(said):
        raise NotAllAnswered
    if missing := rules.missing(said):
        raise DetailMissing(*missing)
    if beyond := rules.beyond_care(said):
        raise OnlyForCare(*_numbers(beyond))


def _stand(by: Actor, patient: UUID, said: Said, earlier: Consent | None, *, now: datetime, new_id: UUID) -> Consent:
    text = queries.words(by, said.wording)
    if text is None:
        raise UnknownWords(said.wording)
    if not Wording.objects.filter(pk=text.id).exists():
        # A text that comes with Safelight is kept when it is first said, so that no later release can change what was said.
        Wording.objects.bulk_create([text.row()], ignore_conflicts=True)
    try:
        with transaction.atomic():
            made = Consent.objects.create(
                id=new_id,
                patient_id=patient,
                wording_id=text.id,
                asked_by=by.id,
                asked_at=now,
                who_agreed=said.who,
                childs_view=said.childs_view or "",
                how=said.how,
                interpreter=said.interpreter,
                details=said.sealed,
                still_the_same=said.same_as is not None,
                supersedes=earlier,
            )
    except IntegrityError:
        raise ChangedMeanwhile(patient) from None
    Answer.objects.bulk_create(
        Answer(id=uuid5(new_id, f"answer {purpose}"), consent=made, purpose=purpose, yes=purpose in said.yes) for purpose in Purpose
    )
    return made


def _recorded(made: Consent, said: Said) -> ConsentRecorded:
    return ConsentRecorded(
        patient=made.patient_id,
        consent=made.pk,
        supersedes=made.supersedes_id,
        still_the_same=made.still_the_same,
        who_agreed=said.who.value,
        how=said.how.value,
        wording=said.wording,
        yes=_numbers(said.yes),
        no=_numbers(said.no),
    )


def _owe_or_settle(by: Actor, made: Consent, *, now: datetime) -> None:
    still_owed = queries.owed_of(by, made.patient_id)
    if made.who_agreed == WhoAgreed.BEST_INTERESTS:
        # Deciding again puts nothing off: the patient is asked by the day that was set first.
        due_at = min([now + rules.ASK_WITHIN, *(each.due_at for each in still_owed)])
        ConsentOwed.objects.create(id=uuid5(made.pk, "owed"), consent=made, due_at=due_at)
        state(ConsentIsOwed(patient=made.patient_id, consent=made.pk, due_at=due_at))
        return
    for each in still_owed:
        ConsentOwed.objects.filter(pk=each.pk).update(settled_at=now, settled_by=made)
        state(ConsentSettled(patient=made.patient_id, consent=each.consent_id, settled_by=made.pk))


def _numbers(purposes: frozenset[Purpose]) -> tuple[int, ...]:
    return tuple(int(purpose) for purpose in sorted(purposes))
