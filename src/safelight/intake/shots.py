"""The shots of a card in order: frames of one release of the shutter taken together, and what is wrong with the order. Pure.

1. Order is DCF folder number, then file number (CIPA DC-009). A file without both has no place.
2. RAW, JPEG and video of one stem are one shot: what one of them shows holds for all. A RAW without a slate of its own so follows its JPEG.
3. The camera's own time may contradict the order by 60 s (bursts, writing late); around a slate by no more than 2 s.
   Beyond that the order is unclear: numbers rolled over, the counter or the clock was set back. Only one camera's own times
   are compared: those of other devices say nothing of it, and their frames are never filed by themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from safelight.intake.card import CardFrame, Device, Reading
from safelight.intake.reasons import Why

ORDER_TOLERANCE = timedelta(seconds=60)
SLATE_TOLERANCE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """One release of the shutter. `device_fault` says why its device cannot be relied on; a video alone has no device and no time."""

    frames: tuple[CardFrame, ...]
    placed: bool
    slates: frozenset[str]
    unread_symbol: bool
    readable: bool
    video: bool
    camera: UUID | None
    device_fault: Why | None
    taken: datetime | None
    lost: bool

    @property
    def boundary(self) -> bool:
        """Whether a patient may begin or end here: a slate, or something that may be one."""
        return bool(self.slates) or self.unread_symbol or not (self.readable or self.video)


def shots_of(frames: Iterable[CardFrame]) -> tuple[Shot, ...]:
    """(1) (2) Every shot once, in order; those without a place come last."""
    ordered = sorted(frames, key=_order)
    first = {frame.pair: place for place, frame in reversed(list(enumerate(ordered)))}
    together = sorted(ordered, key=lambda frame: first[frame.pair])
    return tuple(_shot(tuple(group)) for _, group in groupby(together, key=lambda frame: frame.pair))


def _order(frame: CardFrame) -> tuple[bool, int, int, str, bool, str]:
    placed = frame.folder is not None and frame.number is not None
    return (not placed, frame.folder or 0, frame.number or 0, frame.pair, frame.raw or frame.video, str(frame.frame))


def _shot(frames: tuple[CardFrame, ...]) -> Shot:
    read = [(frame, frame.reading) for frame in frames if frame.reading is not None]
    stills = [reading for frame, reading in read if not frame.video]
    slates = frozenset(code for reading in stills for code in reading.slates)
    times = [reading.taken for reading in stills if reading.taken is not None]
    agree = not times or max(times) - min(times) <= ORDER_TOLERANCE
    return Shot(
        frames=frames,
        placed=frames[0].folder is not None and frames[0].number is not None and agree,
        slates=slates,
        unread_symbol=not slates and any(reading.unread_symbol for reading in stills),
        readable=any(reading.readable for reading in stills),
        video=bool(read) and not stills,
        camera=next((reading.camera for reading in stills if reading.device is Device.REGISTERED), None),
        device_fault=_device_fault(stills),
        taken=min(times, default=None),
        lost=not read,
    )


def _device_fault(stills: list[Reading]) -> Why | None:
    devices = {reading.device for reading in stills}
    if Device.PHONE in devices:
        return Why.PHONE
    if Device.UNKNOWN in devices:
        return Why.UNKNOWN_CAMERA
    if devices == {Device.SILENT}:
        return Why.NO_CAMERA_NOTE
    cameras = {reading.camera for reading in stills if reading.device is Device.REGISTERED}
    return Why.MIXED_CAMERAS if len(cameras) > 1 else None


def unclear(shots: tuple[Shot, ...]) -> frozenset[int]:
    """(3) The places of the shots whose order is not clear: themselves, or one behind the same slate."""
    out_of_order = _without_a_place(shots)
    for camera in {shot.camera for shot in shots if shot.camera is not None}:
        mine = [place for place, shot in enumerate(shots) if shot.camera == camera and shot.taken is not None]
        out_of_order |= _contradicted(shots, mine)
    return frozenset(out_of_order | _sharing_a_sequence(shots, out_of_order))


def _without_a_place(shots: tuple[Shot, ...]) -> set[int]:
    by_number: dict[tuple[int | None, int | None], list[int]] = {}
    for place, shot in enumerate(shots):
        by_number.setdefault((shot.frames[0].folder, shot.frames[0].number), []).append(place)
    twice = {place for places in by_number.values() if len(places) > 1 for place in places}
    # A still that names its camera and no time cannot be held against the order.
    timeless = {place for place, shot in enumerate(shots) if shot.camera is not None and shot.taken is None}
    return twice | timeless | {place for place, shot in enumerate(shots) if not shot.placed}


def _contradicted(shots: tuple[Shot, ...], mine: list[int]) -> set[int]:
    found = set()
    times = {place: taken for place in mine if (taken := shots[place].taken) is not None}
    latest = latest_boundary = None
    for place in mine:
        taken = times[place]
        found |= {place} if _over(latest, taken, ORDER_TOLERANCE) or _over(latest_boundary, taken, SLATE_TOLERANCE) else set()
        latest = max(latest or taken, taken)
        latest_boundary = max(latest_boundary or taken, taken) if shots[place].boundary else latest_boundary
    earliest = earliest_boundary = None
    for place in reversed(mine):
        taken = times[place]
        found |= {place} if _over(taken, earliest, ORDER_TOLERANCE) or _over(taken, earliest_boundary, SLATE_TOLERANCE) else set()
        earliest = min(earliest or taken, taken)
        earliest_boundary = min(earliest_boundary or taken, taken) if shots[place].boundary else earliest_boundary
    return found


def _over(before: datetime | None, after: datetime | None, tolerance: timedelta) -> bool:
    return before is not None and after is not None and before - after > tolerance


def _sharing_a_sequence(shots: tuple[Shot, ...], out_of_order: set[int]) -> set[int]:
    sequence, sequences = 0, []
    for shot in shots:
        sequence += shot.boundary
        sequences.append(sequence)
    spoiled = {sequences[place] for place in out_of_order if shots[place].placed}
    return {place for place, number in enumerate(sequences) if number in spoiled}
