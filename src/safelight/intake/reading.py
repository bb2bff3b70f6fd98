"""How far the reading of a card is, in steps and in the words of a person at the card reader. Reads only.

"Safe" is said when the receipt is out, "in the record" when a photo is filed. What cannot be known is not said: a server sees a
card only through its station, so a card counts as taken out when nothing has come from it for a while.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Max

from safelight.custody import queries as custody
from safelight.custody.left import COPIED, DELETED, EMPTIED
from safelight.custody.lifecycle import CameraState, FrameState
from safelight.custody.models import Camera, Place
from safelight.custody.queries import Progress
from safelight.intake import queries
from safelight.intake.lifecycle import Whereabouts
from safelight.intake.models import Sorting
from safelight.kernel.actor import Actor

SILENT_AFTER = timedelta(seconds=90)
POLLED_FOR = timedelta(minutes=10)
IN_THE_VAULT = (FrameState.VERIFIED, FrameState.RELEASED, FrameState.ERASED)


class Stage(StrEnum):
    """What the person at the reader is told first."""

    LEAVE_IN = "leave_in"
    CAME_OUT = "came_out"
    TAKE_OUT = "take_out"
    HELD = "held"
    NOT_WIPED = "not_wiped"
    SOME_STAY = "some_stay"
    EMPTIED = "emptied"
    COPIED = "copied"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class CardReading:
    """One reading of a card. Counts are of frames; `waiting` of those that were read and not placed yet."""

    progress: Progress
    stage: Stage
    camera: Camera | None
    filed: int
    slates: int
    tray: int
    aside: int
    waiting: int
    before: int
    unstable: int
    raw: int
    videos: int
    numbers_missing: int
    last_heard: datetime

    @property
    def import_id(self) -> UUID:
        found: UUID = self.progress.card_import.pk
        return found

    @property
    def kept(self) -> int:
        """How many frames can come to rest in the vault at all."""
        return self.progress.total - self.progress.left - self.progress.damaged

    @property
    def safe(self) -> int:
        """How many frames the receipt names; none before it is out."""
        told = self.progress.card_import.permitted_at is not None or self.stage in {Stage.HELD, Stage.GIVEN_UP}
        return self.progress.safe if told else 0

    @property
    def sorted(self) -> bool:
        """Whether every frame that is here has been placed."""
        return self.waiting == 0 and self.progress.announced == 0 and self.progress.received == 0

    def steps(self) -> list[tuple[str, str]]:
        """The five steps with their state: done, now, later, or stopped."""
        found = self.progress
        card_import = found.card_import
        copied = found.announced == 0
        checked = copied and found.received == 0
        receipt = card_import.permitted_at is not None or self.stage in {Stage.HELD, Stage.GIVEN_UP}
        wiped = self.stage is Stage.TAKE_OUT
        halted = card_import.finished_at is not None and not wiped
        return _in_order(
            [
                ("Copy", copied),
                ("Check every byte", checked),
                ("Keep safe", receipt),
                ("Erase the card", None if halted else wiped),
                ("Sort by slate", self.sorted and checked),
            ],
            going=self.stage is not Stage.CAME_OUT,
        )

    def goes_on(self, *, now: datetime) -> bool:
        """Whether the page asks again by itself: until all is sorted, and for ten minutes at most after the last sign of life."""
        over = self.progress.card_import.finished_at is not None and self.sorted
        return not over and now - self.last_heard < POLLED_FOR


def _in_order(steps: list[tuple[str, bool | None]], *, going: bool) -> list[tuple[str, str]]:
    found, current = [], going
    for name, done in steps:
        if done is None:
            found.append((name, "stopped"))
        elif done:
            found.append((name, "done"))
        else:
            found.append((name, "now" if current else "later"))
            current = False
    return found


def reading_of(actor: Actor, import_id: UUID, *, now: datetime) -> CardReading:
    """How far an import is. Raises NotFound."""
    progress = custody.import_progress(actor, import_id)
    card_import = progress.card_import
    rows = list(queries.sortings_of(actor, import_id).select_related("frame", "camera"))
    states = [row.state for row in rows]
    heard = Place.objects.filter(read_in=import_id).aggregate(received=Max("frame__received_at"), verified=Max("frame__verified_at"))
    moments = (card_import.announced_at, card_import.permitted_at, heard["received"], heard["verified"], card_import.finished_at)
    last_heard = max(moment for moment in moments if moment is not None and moment >= card_import.announced_at)
    noted = queries.card_sorted(actor, import_id)
    here = custody.places_of(actor, import_id).order_by().filter(frame__state__in=IN_THE_VAULT)
    unread = here.exclude(frame__in=[row.frame_id for row in rows])
    return CardReading(
        progress=progress,
        stage=_stage(progress, silent=now - last_heard > SILENT_AFTER),
        camera=_camera(progress, rows),
        filed=states.count(Whereabouts.FILED),
        slates=states.count(Whereabouts.SLATE),
        tray=states.count(Whereabouts.TRAY),
        aside=states.count(Whereabouts.SET_ASIDE),
        waiting=states.count(Whereabouts.READ)
        + unread.exclude(frame__in=[row.frame_id for row in rows]).values("frame").distinct().count(),
        before=sum(row.read_in_id != import_id for row in rows),
        unstable=custody.places_of(actor, import_id).filter(frame__left_why__in=["unstable", "changed"]).count(),
        raw=sum(row.frame.kind == "raw" for row in rows),
        videos=sum(row.frame.kind == "video" for row in rows),
        numbers_missing=len(noted.numbers_missing) if noted else 0,
        last_heard=last_heard,
    )


def _stage(progress: Progress, *, silent: bool) -> Stage:
    card_import = progress.card_import
    if card_import.given_up:
        return Stage.GIVEN_UP
    if card_import.finished_at is None:
        return Stage.CAME_OUT if silent else Stage.LEAVE_IN
    if card_import.permitted_at is None:  # a station ends without a receipt only where the card is held as evidence
        return Stage.HELD
    certificate = card_import.certificate or {}
    not_wiped = {EMPTIED: Stage.EMPTIED, DELETED: Stage.EMPTIED, COPIED: Stage.COPIED}.get(certificate.get("method", ""))
    if not_wiped is not None:
        return not_wiped
    if certificate.get("residue") or (not certificate.get("empty") and not (progress.left or progress.damaged or progress.others)):
        return Stage.NOT_WIPED
    return Stage.TAKE_OUT if certificate.get("empty") else Stage.SOME_STAY


def _camera(progress: Progress, rows: list[Sorting]) -> Camera | None:
    """The camera that the card is from: by its photos, else by the register of cards."""
    seen = {row.camera_id: row.camera for row in rows if row.camera is not None}
    if len(seen) == 1:
        return next(iter(seen.values()))
    card = progress.card_import.card
    return card.camera if card is not None else None


def is_locked(camera: Camera | None) -> bool:
    """Whether a camera waits for its card to be empty."""
    return camera is not None and camera.state == CameraState.LOCKED
