"""Where each frame of a card goes. Nothing is filed by guess. Pure: values in, decisions out.

1. Nothing is placed before every frame of the card has been read or will never be: a slate may be on the last one.
   Of a card that was given up before it was read to its end nothing is filed: what lay beside a frame is not known.
2. A frame of a phone, of a camera that is not on the register, or without a camera's note goes to the tray (A1, A5);
   so does one whose order is unclear, or that was taken while nobody had the camera by the camera's clock.
3. A good slate begins its visit's sequence, END ends one. A slate that is not good, two slates, a symbol that was not read,
   a frame that cannot be shown or never came: from there on nothing is certain until the next good slate.
4. So is the first frame after a gap of three minutes without a slate, and what follows it.
5. A slate that was made while this camera was out and stands on no frame: all frames from that time on go to the tray.
   One that stands on a frame later than it was lit: so do the frames of others between, for an earlier try may have failed.
6. What is left is filed under the nearest slate before it, of the same camera, within 12 h, if the patient's consent stands.
   The slate was made after the patient was asked, so consent is older than the first frame (B1).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from safelight.intake import matching
from safelight.intake.card import Card, MadeSlate, Out, Placement, Put
from safelight.intake.matching import CameraClock
from safelight.intake.reasons import Why
from safelight.intake.shots import Shot, shots_of, unclear
from safelight.kernel.actor import Actor, Role
from safelight.photographs.slates.code import END

GAP = timedelta(minutes=3)
GIVEN_UP_AFTER = timedelta(minutes=30)


def sort_card(card: Card) -> tuple[Placement, ...]:
    """Where each frame that was read goes, in the order of the card. The same whatever order the frames were read in."""
    if any(frame.reading is None and not frame.lost for frame in card.frames):  # (1)
        return tuple(Placement(frame=frame.frame, put=Put.WAITING) for frame in card.frames if frame.reading is not None)
    if card.given_up:
        read = (frame for frame in card.frames if frame.reading is not None)
        return tuple(Placement(frame=frame.frame, put=Put.TRAY, why=Why.CARD_GIVEN_UP) for frame in read)
    return tuple(_Walk(card).placements())


def may_sort(actor: Actor, *, held_camera: bool) -> bool:
    """Who may sort frames by hand: who held the camera, photographers, the IG lead."""
    return held_camera or actor.has(Role.PHOTOGRAPHER, Role.IG_LEAD)


def given_up(last_heard: datetime, *, now: datetime) -> bool:
    """Whether a frame that was announced and never came is given up: its card was taken out and did not come back."""
    return now - last_heard > GIVEN_UP_AFTER


@dataclass(frozen=True, slots=True)
class _Behind:
    """What lies behind the frame that is looked at: a good slate, or why there is none. `behind` is for a person to see."""

    slate: MadeSlate | None = None
    camera: UUID | None = None
    why: Why | None = Why.NO_SLATE
    behind: UUID | None = None

    def doubt(self, why: Why) -> "_Behind":
        """A sequence that was certain is no longer; one that never began, or was doubtful before, keeps its reason."""
        return self if self.slate is None and self.why is Why.NO_SLATE and why in _OF_FRAMES else replace(self, slate=None, why=why)


# Reasons that concern the frame itself; what follows it without any slate before it has no slate in the first place.
_OF_FRAMES = frozenset({Why.PHONE, Why.UNKNOWN_CAMERA, Why.NO_CAMERA_NOTE, Why.NOT_SIGNED_OUT, Why.MIXED_CAMERAS, Why.AFTER_A_GAP})
_FOLLOWED_BY = {
    Why.PHONE: Why.MIXED_CAMERAS,
    Why.UNKNOWN_CAMERA: Why.MIXED_CAMERAS,
    Why.NO_CAMERA_NOTE: Why.MIXED_CAMERAS,
    Why.UNREADABLE: Why.AFTER_UNREADABLE,
}


@dataclass(frozen=True, slots=True)
class _Doubt:
    """Places on the card where nothing is certain, but for the photos of one visit (None: for none)."""

    places: range
    visit: UUID | None


class _Walk:
    """One walk along the shots of a card."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.shots = shots_of(card.frames)
        self.made = {slate.code: slate for slate in card.slates}
        self.unclear = unclear(self.shots)
        self.clocks = {camera: matching.clock_of(out, self.shots, self.made) for camera, out in card.outs.items()}
        self.gaps = self._gaps()
        self.doubts = {camera: self._doubts(out) for camera, out in card.outs.items()}

    def placements(self) -> list[Placement]:
        behind, placed = _Behind(), []
        for place, shot in enumerate(self.shots):
            if shot.lost:
                behind = behind.doubt(Why.FRAME_NOT_HERE)
                continue
            fault = self._fault_of_shot(place, shot) or self._fault_of_slates(shot)
            if fault is None and shot.slates:  # (3)
                put, behind = self._begin(shot, behind)
            elif fault is None and place in self.gaps:  # (4)
                behind = behind.doubt(Why.AFTER_A_GAP)
                put = _tray(behind.why)
            elif fault is None:
                put, behind = self._follow(place, shot, behind)
            else:
                behind = behind.doubt(_FOLLOWED_BY.get(fault, fault))
                put = _tray(fault)
            placed += [replace(put, frame=frame.frame, behind=behind.behind) for frame in shot.frames if frame.reading is not None]
        return placed

    def _fault_of_shot(self, place: int, shot: Shot) -> Why | None:
        """(2) What speaks against a shot before its slates are looked at."""
        if shot.device_fault:
            return shot.device_fault
        if place in self.unclear:
            return Why.ORDER_UNCLEAR
        if shot.camera is None:
            return None
        out = self.card.outs.get(shot.camera)
        if out is None:
            return Why.NOT_SIGNED_OUT
        clock = self.clocks[shot.camera]
        return Why.CLOCK_WRONG if clock.wrong or matching.outside(shot, out=out, clock=clock, card=self.card) else None

    def _fault_of_slates(self, shot: Shot) -> Why | None:
        """(3) What speaks against the slates on a shot, or against there being none."""
        if len(shot.slates) > 1:
            return Why.TWO_SLATES
        if not shot.slates:
            if shot.unread_symbol:
                return Why.UNREAD_SLATE
            return None if shot.readable or shot.video else Why.UNREADABLE
        out, clock = self._out(shot)
        (code,) = shot.slates
        return matching.fault_of_slate(code, shot, out=out, clock=clock, card=self.card, made=self.made, shots=self.shots)

    def _out(self, shot: Shot) -> tuple[Out, CameraClock]:
        if shot.camera is None:
            raise ValueError("a slate is read on a still, and a still without a camera is at fault")
        return self.card.outs[shot.camera], self.clocks[shot.camera]

    def _begin(self, shot: Shot, behind: _Behind) -> tuple[Placement, _Behind]:
        (code,) = shot.slates
        if code == END:
            return _put(Put.SLATE), _Behind(behind=behind.behind)
        slate = self.made[code]
        return _put(Put.SLATE, visit=slate.visit), _Behind(slate=slate, camera=shot.camera, why=None, behind=slate.visit)

    def _follow(self, place: int, shot: Shot, behind: _Behind) -> tuple[Placement, _Behind]:
        """(5) (6) A photo without a slate on it."""
        slate, camera = behind.slate, behind.camera
        if slate is None or camera is None:
            return _tray(behind.why), behind
        if shot.camera not in (camera, None):
            return _tray(Why.MIXED_CAMERAS), behind.doubt(Why.MIXED_CAMERAS)
        if any(place in doubt.places and doubt.visit != slate.visit for doubt in self.doubts[camera]):
            return _tray(Why.SLATE_MAY_BE_MISSING), behind
        if matching.too_late(slate, shot, clock=self.clocks[camera], card=self.card):
            return _tray(Why.OLD_SLATE), behind
        if not slate.may_take:
            return _tray(Why.NO_CONSENT), behind
        return _put(Put.FILED, visit=slate.visit), behind

    def _gaps(self) -> frozenset[int]:
        """(4) The shots that no slate opens though three minutes lie between them, or around them, and the shot before."""
        found = set()
        for camera in self.card.outs:
            timed = self._timed(camera)
            for (before, earlier), (place, taken) in pairwise(timed):
                if taken - earlier >= GAP:
                    found |= {between for between in range(before + 1, place) if self.shots[between].video}
                    found |= {place} if not self.shots[place].slates else set()
        return frozenset(found)

    def _doubts(self, out: Out) -> list[_Doubt]:
        """(5) The stretches in which a slate may be missing. A clock that was never compared bounds nothing: the whole card."""
        clock, timed = self.clocks[out.camera], self._timed(out.camera)
        good = {code: place for place, _ in reversed(timed) for code in self._good(place)}
        found = []
        for showing in matching.showings(out=out, card=self.card, shots=self.shots, standing=frozenset(good), clock=clock):
            first_seen = min((good[code] for code in showing.codes if code in good), default=None)
            if not showing.stands:
                begin = _first_from(timed, showing.begins, clock.latest)
                found.append(_Doubt(range(begin, len(self.shots)), None))
            elif first_seen is not None and showing.lit is not None:
                begin = _first_from(timed, showing.lit, clock.latest_by_slates)
                found.append(_Doubt(range(begin, first_seen), showing.visit))
        return found

    def _good(self, place: int) -> frozenset[str]:
        shot = self.shots[place]
        fault = self._fault_of_shot(place, shot) or self._fault_of_slates(shot)
        return shot.slates if fault is None else frozenset()

    def _timed(self, camera: UUID) -> list[tuple[int, datetime]]:
        return [(place, shot.taken) for place, shot in enumerate(self.shots) if shot.camera == camera and shot.placed and shot.taken]


def _first_from(timed: list[tuple[int, datetime]], begins: datetime, latest: Callable[[datetime], datetime | None]) -> int:
    """The first place that may have been taken at a moment or later; what has no time goes with what follows it."""
    first = 0
    for place, taken in timed:
        bound = latest(taken)
        if bound is None or bound >= begins:
            break
        first = place + 1
    return first


def _put(put: Put, *, visit: UUID | None = None) -> Placement:
    return Placement(frame=_NOBODY, put=put, visit=visit)


def _tray(why: Why | None) -> Placement:
    return Placement(frame=_NOBODY, put=Put.TRAY, why=why or Why.NO_SLATE)


_NOBODY = UUID(int=0)  # a placement holds for a shot first, then for each of its frames
