"""When a photo was taken, by our clock. Pure.

A photo that is filed was taken after its slate was made and before its card was put in; within that the camera's clock decides.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from safelight.intake.card import Card, CardFrame, Placement, Put
from safelight.intake.matching import CLOCK_TOLERANCE, TOKEN_IS_SHOWN, CameraClock, clock_of
from safelight.intake.shots import shots_of


def moments(card: Card, placements: Iterable[Placement]) -> dict[UUID, datetime]:
    """The moment of each frame that is filed. A video, which has no time, gets that of what lies before it."""
    shots = shots_of(card.frames)
    made = {slate.code: slate for slate in card.slates}
    clocks = {camera: clock_of(out, shots, made) for camera, out in card.outs.items()}
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


def by_hand(taken: datetime | None, *, ahead: int | None, put_in: datetime) -> datetime:
    """The moment of a photo that a person files: by its camera's clock as far as that is known, and never after its card was put in."""
    return put_in if taken is None else min(taken - timedelta(seconds=ahead or 0), put_in)


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
