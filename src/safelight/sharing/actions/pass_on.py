from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.kernel.actor import Actor
from safelight.sharing import askable, queries
from safelight.sharing.asking import Recipient
from safelight.sharing.errors import NobodyChosen
from safelight.sharing.facts import OpinionPassedOn
from safelight.sharing.lifecycle import SHARE, ShareMove
from safelight.sharing.models import Passing


@action
def pass_on(*, by: Actor, opinion_id: UUID, to: Recipient, now: datetime, new_id: UUID) -> None:
    """Pass a question on to somebody else here: it is not for me. It waits for them as if it had just been asked.

    1. The actor is asked, it is open, and the patient agrees that staff here see it. Nobody passes on to somebody elsewhere.
    2. It goes to another team or person than it came from, and not back to the asker.
    3. Those asked before can open it no more. Who passed it on, and from whom, is kept; an answer that is there stays where it is.
    """
    opinion = queries.asked_of(by, opinion_id, now=now)  # (1)
    queries.require_consent(opinion, now=now)
    before = Recipient(team=opinion.team_id, person=opinion.person_id)
    if opinion.guest_id or to.guest or to == before or to.person == opinion.asked_by:  # (2)
        raise NobodyChosen
    askable.require_here(by, to, urgency=opinion.urgency, asker=opinion.asked_by, now=now)
    Passing.objects.create(  # (3)
        id=new_id, opinion=opinion, by=by.id, at=now, from_team_id=before.team, from_person_id=before.person
    )
    afresh = {"opened_at": None, "opened_by": None, "on_it_at": None, "on_it_by": None}
    move(opinion, SHARE, ShareMove.PASS_ON, by=by, at=now, team_id=to.team, person_id=to.person, **afresh)
    state(OpinionPassedOn(opinion=opinion_id, patient=opinion.patient_id, urgency=opinion.urgency, team=to.team, person=to.person))
