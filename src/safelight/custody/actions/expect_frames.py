from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from handover.part import CardPart
from safelight.audit.action import action, state
from safelight.custody import queries
from safelight.custody.facts import FramesExpected
from safelight.custody.models import Expected, Frame, Place, Station
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest


@action
def expect_frames(*, by: Actor, part: CardPart, new_ids: Mapping[str, tuple[UUID, UUID]], now: datetime) -> list[Frame]:
    """Note that frames of a card may come, which a station is still reading. `new_ids` are by digest, for the frame and the note.

    1. A frame is one for the whole site (D8). One that was left, or whose copy is damaged or was disposed of, is not wanted again before
       its card is announced: what lies on which card is not known yet.
    2. One that the station has announced with a card already needs no note: it may come for that card.
    3. Nothing else follows. Its photos are looked at, filed and erased by what the announcement says, when it comes.
    """
    Frame.objects.bulk_create(  # (1)
        [
            Frame(id=new_ids[line.digest][0], digest=line.digest, size=line.size, kind=line.kind.value, announced_at=now)
            for line in part.frames
        ],
        ignore_conflicts=True,
    )
    found = queries.frames_by_digest(by, [line.digest for line in part.frames])
    known = set(Place.objects.filter(frame__in=found.values(), read_in__station=by.id).values_list("frame", flat=True))  # (2)
    endings = {line.digest: line.ending for line in part.frames}
    Expected.objects.bulk_create(
        [
            Expected(id=new_ids[digest][1], station_id=by.id, frame=frame, expected_at=now, volume=part.volume, ending=endings[digest])
            for digest, frame in found.items()
            if frame.pk not in known
        ],
        ignore_conflicts=True,
    )
    Station.objects.filter(pk=by.id).update(seen_at=now)
    state(FramesExpected(station=by.id, part=Digest(part.digest), frames=len(part.frames)))  # (3)
    return [found[line.digest] for line in part.frames]
