from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move_all
from safelight.custody import queries, rules
from safelight.custody.errors import HeldForEvidence, NotYetVerified
from safelight.custody.facts import ErasurePermitted
from safelight.custody.lifecycle import FRAME, FrameMove, FrameState
from safelight.custody.models import Import
from safelight.custody.receipts import Permission
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest


@action
def permit_erasure(*, by: Actor, import_id: UUID, now: datetime) -> Permission:
    """Promise a station that the vault holds every frame of its card.

    1. The caller is the station that announced the card.
    2. A card that may be evidence is not wiped by a machine, nor one that nobody knows and that was held before.
    3. Every frame has come to rest: verified, or left on the card with a reason.
    4. Each copy was read back whole within the last minutes: the caller sees to that before it asks here.
    5. The permission names digests, not file names: a station erases what matches, nothing else.
    """
    card_import = queries.import_for_station(by, import_id)  # (1)
    unknown_and_held = card_import.card is None and card_import.held
    if unknown_and_held or rules.held_for_evidence(card_import.card, evidential_open=queries.evidential_open(by)):  # (2)
        raise HeldForEvidence(import_id)
    frames = queries.frames_of(by, import_id)
    if waiting := [frame.pk for frame in frames if not rules.at_rest(frame)]:  # (3)
        raise NotYetVerified(len(waiting))
    kept = [frame for frame in frames if rules.confirmed(frame)]
    if stale := [frame.pk for frame in kept if rules.read_back_is_stale(frame, now=now)]:  # (4)
        raise NotYetVerified(len(stale))
    fresh, known = ([one for one in kept if one.state == state] for state in (FrameState.VERIFIED, FrameState.RELEASED))
    move_all(fresh, FRAME, FrameMove.RELEASE, by=by, at=now, released_at=now)
    move_all(known, FRAME, FrameMove.RELEASE, by=by, at=now)
    again = card_import.permitted_at is not None
    permitted_at = card_import.permitted_at or now
    Import.objects.filter(pk=import_id).update(permitted_at=permitted_at, held=False)
    state(ErasurePermitted(read_in=import_id, frames=len(kept), again=again))
    return Permission(  # (5)
        card_import=import_id,
        station=by.id,
        manifest=Digest(card_import.manifest_digest),
        digests=tuple(Digest(frame.digest) for frame in kept),
        permitted_at=permitted_at,
    )
