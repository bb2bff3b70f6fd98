from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing import queries, rules
from safelight.sharing.errors import NotOpenYet, OpinionOver
from safelight.sharing.facts import OpinionsListed
from safelight.sharing.models import Opinion
from safelight.sharing.rules import Part


@action
def view_opinion(*, by: Actor, opinion_id: UUID, now: datetime) -> tuple[Opinion, Part]:
    """Read a question and its answers: for who asked it, and for those asked who have opened it.

    1. Whoever asked sees it as long as it is kept: the question is their own, the answers are to them.
    2. Whoever is asked has opened it; it is open still, and the patient agrees still.
    """
    opinion, part = queries.part_in(by, opinion_id, now=now)
    if part is Part.ASKED:  # (2)
        if rules.held(opinion, now=now):
            raise NotOpenYet(opinion_id)
        if rules.is_over(opinion, now=now) or not queries.has_opened(by, opinion):
            raise OpinionOver(opinion_id, opinion.ended_at or opinion.expires_at)
        queries.require_consent(opinion, now=now)
    state(OpinionsListed(patient=opinion.patient_id, opinions=(opinion_id,)))  # (1)
    return opinion, part
