from collections import defaultdict
from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move, move_all
from safelight.custody import ahead, rules
from safelight.custody.errors import AnotherPersonAgrees, MayBeEvidence, NotForYou, Settled
from safelight.custody.facts import DisposalAgreed
from safelight.custody.lifecycle import DISPOSAL, FRAME, DisposalMove, FrameMove
from safelight.custody.models import Expected, Frame
from safelight.kernel.actor import Actor
from safelight.vault import objects


@action
def agree_to_disposal(*, by: Actor, key: UUID, seen: int, now: datetime) -> list[UUID]:
    """Throw photos away that came of a card which was never read to its end; returns the names of their objects, which open no more.

    1. Another person than the one who asked, of what they were shown.
    2. Of what may be evidence nothing is thrown away (D5): it may have become so since.
    3. No card was announced meanwhile on which one of them lies: its erasure rests on these copies.
    """
    if not rules.may_release(by):  # (1)
        raise NotForYou
    found, notes = ahead.claimed(by, key, seen=seen, now=now)
    if found.disposal is None:
        raise Settled(key)
    if found.disposal.asked_by_id == by.id:
        raise AnotherPersonAgrees(key)
    if ahead.may_be_evidence(found):  # (2)
        raise MayBeEvidence(key)
    came = ahead.came_of(notes)
    by_state = defaultdict[str, list[Frame]](list)
    for note in came:
        by_state[note.frame.state].append(note.frame)
    for frames in by_state.values():
        move_all(frames, FRAME, FrameMove.DISPOSE, by=by, at=now)
    if ahead.on_a_card(came):  # (3)
        raise Settled(key)
    gone = [stored for note in came if (stored := note.frame.stored_id)]
    objects.shred(gone, at=now)
    Expected.objects.filter(pk__in=[note.pk for note in notes]).delete()
    move(found.disposal, DISPOSAL, DisposalMove.AGREE, by=by, at=now, answered_by_id=by.id, answered_at=now)
    state(DisposalAgreed(disposal=found.disposal.pk, asked_by=found.disposal.asked_by_id, frames=len(came)))
    return gone
