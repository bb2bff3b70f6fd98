"""When a photo was taken, by our clock. Pure.

A photo that is filed was taken after its slate was made and before its card was put in; within that the camera's clock decides.
Of one that a person files, a person says which visit it belongs to; a clock that can be relied on may contradict them, no other.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from safelight.intake.card import Card, CardFrame, Out, Placement, Put, Reading
from safelight.intake.matching import CLOCK_TOLERANCE, TOKEN_IS_SHOWN, CameraClock, clock_of
from safelight.intake.shots import shots_of


def moments(card: Card, placements: Iterable[Placement]) -> dict[UUID, datetime]:
    """The moment of each frame that is filed. A video, which has no time, gets that of what lies before it."""
    made = {slate.code: slate for slate in card.slates}
    clocks = clocks_of(card)
    frames = {frame.frame: frame for frame in card.frames}
    begins: dict[UUID, datetime] = {}
    last: dict[UUID, datetime] = {}
    found: dict[UUID, datetime] = {}
    for place in placements:
        frame = frames[place.frame]
        if place.visit is None:
            continue
        if place.put is Put.SLATE and frame.reading:
            shown = [made[code].shown_at for code in frame.reading.slates if code in made]
            begins[place.visit] = last[place.visit] = max(shown, default=card.put_in)
        elif place.put is Put.FILED:
            earliest = begins.get(place.visit, card.put_in)
            taken = _taken(frame, clocks) or last.get(place.visit, earliest)
            found[place.frame] = last[place.visit] = min(max(taken, earliest), card.put_in)
    return found


def clocks_of(card: Card) -> dict[UUID, CameraClock]:
    """What the clock of each camera of a card can be relied on for."""
    shots, made = shots_of(card.frames), {slate.code: slate for slate in card.slates}
    return {camera: clock_of(out, shots, made) for camera, out in card.outs.items()}


def by_hand(seen: Reading, *, card: Card, clocks: Mapping[UUID, CameraClock], told: int | None, begun: datetime) -> datetime:
    """The moment of a photo that a person files under a visit that began at `begun`: by its camera's clock as far as that is known.

    `told` is how many seconds the register says that a clock is ahead which has no check-out to be measured in.

    1. It is never after its card was put in.
    2. A registered camera's clock is known to within two minutes: what it puts no further before the visit was taken in it.
    3. One that was never compared, or that slates or the time the camera was out contradict, says nothing of what was before the visit:
       a camera whose clock was reset, or is an hour behind since the clocks changed, still took these photos of this patient.
    """
    if seen.taken is None:
        return card.put_in
    out = card.outs.get(seen.camera) if seen.camera else None
    if out is None:
        return min(seen.taken - timedelta(seconds=told or 0), card.put_in)  # (1)
    clock = clocks[out.camera]
    moment = seen.taken - (clock.ahead if clock.ahead is not None else clock.floor or timedelta(0))
    if not _relied_on(moment, out=out, clock=clock, put_in=card.put_in) or begun - moment <= CLOCK_TOLERANCE:  # (2) (3)
        moment = max(moment, begun)
    return min(moment, card.put_in)


def _relied_on(moment: datetime, *, out: Out, clock: CameraClock, put_in: datetime) -> bool:
    back = min(out.back_at or put_in, put_in)
    return clock.ahead is not None and not clock.wrong and out.out_at - CLOCK_TOLERANCE <= moment <= back + CLOCK_TOLERANCE


def clock_measured(card: Card, placements: Iterable[Placement]) -> dict[UUID, timedelta]:
    """How far each camera's clock is ahead, as good slates on a screen measured it: by the closest of them.

    One slate may have been photographed from a screen that stood still: alone it only bears out what the register says.
    """
    good = {place.frame for place in placements if place.put is Put.SLATE and place.visit is not None}
    made = {slate.code: slate for slate in card.slates}
    leads: dict[UUID, list[timedelta]] = {}
    for frame in card.frames:
        seen = frame.reading
        if frame.frame in good and seen and seen.camera and seen.camera in card.outs and seen.taken:
            on_screen = [made[code] for code in seen.slates if code in made and not made[code].on_paper]
            leads.setdefault(seen.camera, []).extend(seen.taken - slate.shown_at for slate in on_screen)
    return {camera: min(found) for camera, found in leads.items() if _borne_out(found, card.outs[camera].clock_ahead)}


def _borne_out(leads: list[timedelta], told: timedelta | None) -> bool:
    if told is None:
        return len(leads) > 1 and max(leads) - min(leads) <= TOKEN_IS_SHOWN
    return bool(leads) and abs(min(leads) - told) <= CLOCK_TOLERANCE + TOKEN_IS_SHOWN


def _taken(frame: CardFrame, clocks: dict[UUID, CameraClock]) -> datetime | None:
    seen = frame.reading
    if seen is None or seen.taken is None or seen.camera is None:
        return None
    clock = clocks.get(seen.camera)
    if clock is None:
        return None
    return seen.taken - (clock.ahead if clock.ahead is not None else clock.floor or timedelta(0))
