from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.photographs import visits
from safelight.sharing import askable, rules
from safelight.sharing.asking import Recipient
from safelight.sharing.errors import NotYoursToAsk, QuestionMissing
from safelight.sharing.facts import QuestionKept
from safelight.sharing.models import KeptQuestion, Urgency


@action
def keep_question(*, by: Actor, visit_id: UUID, question: bytes, to: Recipient | None, now: datetime, new_id: UUID) -> None:
    """Keep a question that was written at the slate until the visit's photos are in. Nobody is asked by this.

    1. The actor asks colleagues, and may see the patient of the visit.
    2. There are words, sealed before this. For whom may be said; how soon is said when it is asked.
    3. One question waits for one visit of one person: a later one takes its place.
    """
    visit = visits.visit(by, visit_id, now=now)
    if not rules.may_ask(by):  # (1)
        raise NotYoursToAsk
    if not question:  # (2)
        raise QuestionMissing
    if to:
        askable.require_here(by, to, urgency=Urgency.ROUTINE, asker=by.id, now=now)
    KeptQuestion.objects.filter(visit=visit, kept_by=by.id, done_at=None).update(done_at=now)  # (3)
    KeptQuestion.objects.create(
        id=new_id,
        visit=visit,
        question=question,
        kept_by=by.id,
        kept_at=now,
        team_id=to.team if to else None,
        person_id=to.person if to else None,
    )
    state(QuestionKept(patient=visit.patient_id, visit=visit.pk, question=new_id))
