from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody import ahead, rules
from safelight.custody.errors import AskedAlready, MayBeEvidence, NotForYou, SayWhy
from safelight.custody.facts import DisposalAsked
from safelight.custody.models import Disposal, Expected
from safelight.kernel.actor import Actor


@action
def ask_for_disposal(*, by: Actor, key: UUID, seen: int, reason: str, now: datetime, new_id: UUID) -> Disposal:
    """Ask for photos to be thrown away that came of a card which was never read to its end. Nothing goes before another person agrees.

    1. The medical photographer or the IG lead asks, of what they were shown, and says why.
    2. Of what may be evidence nothing is thrown away (D5).
    """
    if not rules.may_release(by):  # (1)
        raise NotForYou
    if not reason.strip():
        raise SayWhy(key)
    found, notes = ahead.claimed(by, key, seen=seen, now=now)
    if found.disposal is not None:
        raise AskedAlready(key)
    if ahead.may_be_evidence(found):  # (2)
        raise MayBeEvidence(key)
    asked = Disposal.objects.create(id=new_id, reason=reason.strip(), asked_by_id=by.id, asked_at=now)
    Expected.objects.filter(pk__in=[note.pk for note in notes]).update(disposal=asked)
    card = found.card.pk if found.card else None
    state(DisposalAsked(disposal=asked.pk, station=notes[0].station_id, card=card, frames=found.came))
    return asked
