"""Which slates of a card are good, what the camera's clock can be relied on for, and what the server showed meanwhile. Pure.

1. A slate is good for its visit, for one camera, while that camera is out, 12 h at most.
2. A camera's clock is ours plus what the register says, to within two minutes; where it was never compared, two slates
   photographed from a screen may say so. A slate photographed before it was made shows that it is not so: the clock is wrong.
3. A token is on a screen for 30 s, so frames that carry one bound the clock closer, as long as they agree.
4. A showing is what the server showed for one visit until it showed another (or another visit's paper slate was photographed).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

from safelight.intake.card import Card, MadeSlate, Out
from safelight.intake.reasons import Why
from safelight.intake.shots import Shot
from safelight.photographs.slates.code import END

GOOD_FOR = timedelta(hours=12)
CLOCK_TOLERANCE = timedelta(minutes=2)
TOKEN_IS_SHOWN = timedelta(seconds=31)


@dataclass(frozen=True, slots=True)
class CameraClock:
    """(2) One camera's clock while it was out: `ahead` of ours, None where that is not known, and at least `floor` (3)."""

    ahead: timedelta | None
    floor: timedelta | None
    wrong: bool

    def latest(self, taken: datetime) -> datetime | None:
        """The latest moment, by our clock, at which a frame can have been taken; None where that is not known."""
        return None if self.ahead is None else taken - self.ahead + CLOCK_TOLERANCE

    def latest_by_slates(self, taken: datetime) -> datetime | None:
        """The same, closer, as the slates of the card bound it."""
        return self.latest(taken) if self.floor is None else taken - self.floor


def clock_of(out: Out, shots: Iterable[Shot], made: Mapping[str, MadeSlate]) -> CameraClock:
    """(2) (3) What a camera's clock can be relied on for."""
    seen = [
        (shot.taken - made[code].shown_at, made[code].on_paper)
        for shot in shots
        if shot.camera == out.camera and shot.taken is not None
        for code in shot.slates
        if code in made
    ]
    leads = [lead for lead, on_paper in seen if not on_paper]
    agree = bool(leads) and max(leads) - min(leads) <= TOKEN_IS_SHOWN
    ahead = min(leads) if out.clock_ahead is None and agree and len(leads) > 1 else out.clock_ahead
    wrong = ahead is not None and any(lead < ahead - CLOCK_TOLERANCE for lead, _ in seen)
    near = ahead is None or (agree and abs(max(leads) - ahead) <= CLOCK_TOLERANCE + TOKEN_IS_SHOWN)
    return CameraClock(ahead, max(leads) - TOKEN_IS_SHOWN if agree and near else None, wrong)


def fault_of_slate(
    code: str, shot: Shot, *, out: Out, clock: CameraClock, card: Card, made: Mapping[str, MadeSlate], shots: Iterable[Shot]
) -> Why | None:
    """(1) Why a slate on a frame is not good, or None where it is. The END slate needs nothing."""
    if code == END:
        return None
    slate = made.get(code)
    if slate is None:
        return Why.UNKNOWN_SLATE
    if slate.shown_at < out.out_at:
        return Why.OLD_SLATE
    if _of_another_camera(slate, out, shots):
        return Why.ANOTHER_CAMERAS_SLATE
    return Why.OLD_SLATE if too_late(slate, shot, clock=clock, card=card) else None


def _of_another_camera(slate: MadeSlate, out: Out, shots: Iterable[Shot]) -> bool:
    """A slate that was made by somebody without a camera belongs to the camera that carries it, if only one does."""
    if slate.check_out is not None:
        return slate.check_out != out.check_out
    carriers = slate.seen_by | {shot.camera for shot in shots if slate.code in shot.slates}
    return carriers != {out.camera} or (out.back_at is not None and slate.shown_at > out.back_at)


def too_late(slate: MadeSlate, shot: Shot, *, clock: CameraClock, card: Card) -> bool:
    """(1) Whether a shot may have been taken more than 12 h after its slate was made."""
    latest = clock.latest(shot.taken) if shot.taken is not None else None
    bound = card.put_in if latest is None else min(latest, card.put_in)
    return bound - slate.shown_at > GOOD_FOR


def outside(shot: Shot, *, out: Out, clock: CameraClock, card: Card) -> bool:
    """(2) Whether a shot was, by the camera's clock, taken while nobody had the camera."""
    if shot.taken is None or clock.ahead is None:
        return False
    earliest, latest = shot.taken - clock.ahead - CLOCK_TOLERANCE, shot.taken - clock.ahead + CLOCK_TOLERANCE
    return latest < out.out_at or earliest > min(out.back_at or card.put_in, card.put_in)


@dataclass(frozen=True, slots=True)
class Showing:
    """(4) What the server showed for one visit: from when, and whether a frame of this camera carries it.

    `lit` is from when it can have been photographed in vain: a screen since it was lit, a paper slate only if none of its
    frames came. Paper that was photographed may have been printed long before.
    """

    visit: UUID
    begins: datetime
    lit: datetime | None
    codes: frozenset[str]
    stands: bool


def showings(*, out: Out, card: Card, shots: Iterable[Shot], standing: frozenset[str], clock: CameraClock) -> list[Showing]:
    """(4) Every showing that this camera may have had before it, in order."""
    concerned = [slate for slate in card.slates if _concerns(slate, out, card)]
    events: list[tuple[datetime, UUID, MadeSlate | None]] = [(slate.shown_at, slate.visit, slate) for slate in concerned]
    events += [(at, visit, None) for at, visit in _papers(concerned, out, shots, clock)]
    found = []
    for visit, together in groupby(sorted(events, key=lambda event: event[0]), key=lambda event: event[1]):
        made = [slate for _, _, slate in together if slate is not None]
        if made:
            found.append(
                Showing(
                    visit=visit,
                    begins=made[0].shown_at,
                    lit=next((slate.shown_at for slate in made if not (slate.on_paper and _stands(slate, out, standing))), None),
                    codes=frozenset(slate.code for slate in made),
                    stands=any(_stands(slate, out, standing) for slate in made),
                )
            )
    return found


def _concerns(slate: MadeSlate, out: Out, card: Card) -> bool:
    if slate.check_out is None:
        return out.out_at <= slate.shown_at <= min(out.back_at or card.put_in, card.put_in)
    return slate.check_out == out.check_out and slate.shown_at <= card.put_in


def _stands(slate: MadeSlate, out: Out, standing: frozenset[str]) -> bool:
    elsewhere = bool(slate.seen_by) if slate.check_out is None else out.camera in slate.seen_by
    return elsewhere or slate.code in standing


def _papers(concerned: list[MadeSlate], out: Out, shots: Iterable[Shot], clock: CameraClock) -> list[tuple[datetime, UUID]]:
    """When a paper slate was photographed: what another visit's screen, still lit, shows afterwards is a new showing."""
    papers = {slate.code: slate.visit for slate in concerned if slate.on_paper}
    found = []
    for shot in shots:
        latest = clock.latest(shot.taken) if shot.taken is not None and shot.camera == out.camera else None
        if latest is not None:
            found += [(latest, papers[code]) for code in shot.slates if code in papers]
    return found
