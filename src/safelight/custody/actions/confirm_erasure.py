from datetime import datetime
from uuid import UUID

from handover.certificate import Certificate
from handover.reasons import Left
from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.custody import queries
from safelight.custody.errors import Malformed
from safelight.custody.facts import ErasureConfirmed
from safelight.custody.lifecycle import FRAME, FrameMove, FrameState
from safelight.custody.models import Card, Frame, Import, Place
from safelight.kernel.actor import Actor


@action
def confirm_erasure(*, by: Actor, import_id: UUID, certificate: Certificate, now: datetime) -> None:
    """Take a station's certificate into custody.

    1. It is for this import of this station.
    2. What was released is erased now, also what an earlier import of the station released and a power cut kept it from saying.
       A frame that was never released cannot be said to be erased: that is Malformed.
    3. Earlier imports that never came to their end, and of which nothing is left that this one has not, end with it.
    4. An empty card is noted as proved empty, unless a trace was found.
    """
    card_import = queries.import_for_station(by, import_id)  # (1)
    if (certificate.card_import, certificate.station) != (import_id, by.id):
        raise Malformed(import_id)
    frames = queries.frames_by_digest(by, certificate.erased, of_station=True)
    if frames.keys() != set(certificate.erased):
        raise Malformed(import_id)
    for frame in frames.values():  # (2)
        _erase(frame, by=by, now=now)
    Place.objects.filter(read_in__station=by.id, frame__in=list(frames.values()), erased_at=None).update(erased_at=now)
    held = card_import.permitted_at is None and any(why is Left.HELD for _, why in certificate.left)
    Import.objects.filter(pk=import_id).update(finished_at=now, certificate=_kept(certificate), held=held or card_import.held)
    for earlier in queries.unfinished_before(by, card_import):  # (3)
        Import.objects.filter(pk=earlier.pk, finished_at=None).update(finished_at=now)
    if card_import.card_id and certificate.empty and not certificate.residue:  # (4)
        Card.objects.filter(pk=card_import.card_id).update(proved_empty_at=now, seen_at=now)
    state(
        ErasureConfirmed(
            read_in=import_id,
            erased=len(frames),
            left=len(certificate.left),
            residue=certificate.residue,
            empty=certificate.empty,
            method=certificate.method,
        )
    )


def _erase(frame: Frame, *, by: Actor, now: datetime) -> None:
    match FrameState(frame.state):
        case FrameState.RELEASED:
            move(frame, FRAME, FrameMove.ERASE, by=by, at=now, erased_at=now)
        case FrameState.ERASED:
            return
        case FrameState.DAMAGED if frame.released_at:  # the copy broke between receipt and certificate: both are true
            Frame.objects.filter(pk=frame.pk).update(erased_at=now)
        case _:
            raise Malformed(frame.pk)


def _kept(certificate: Certificate) -> dict[str, object]:
    return {
        "method": certificate.method,
        "erased": len(certificate.erased),
        "left": len(certificate.left),
        "residue": certificate.residue,
        "empty": certificate.empty,
        "filled": certificate.filled,
        "read_again_at": certificate.read_again_at.isoformat(),
    }
