"""Work that intake has promised: frames are scanned, and a card is sorted when all of its frames have been.

Flows run in any order, twice, and are killed in between. What holds all the same: a scan is one row, a frame is moved by one
conditional update, and sorting asks the rows, never what another flow has done.
"""

import os
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from threading import Lock
from uuid import UUID, uuid4

from django.db import connection, transaction

from safelight.custody import queries as custody
from safelight.custody.actions.check_clock import check_clock
from safelight.custody.actions.read_back_frame import read_back_frame
from safelight.custody.models import Place
from safelight.intake import decisions, queries, scanning
from safelight.intake.actions.file_frame import file_frame
from safelight.intake.actions.finish_sorting import finish_sorting
from safelight.intake.actions.leave_in_tray import leave_in_tray
from safelight.intake.actions.mark_slate import mark_slate
from safelight.intake.actions.record_closer_look import record_closer_look
from safelight.intake.actions.record_scan import record_scan
from safelight.intake.card import Placement, Put
from safelight.intake.decisions import Decided
from safelight.intake.errors import AlreadyScanned
from safelight.intake.reasons import Why
from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.kernel.errors import Damage, Refusal
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.outbox.flows import enqueue, flow, step
from safelight.outbox.ticker import each_minute
from safelight.photographs.errors import AlreadyFiled, NoConsent
from safelight.vault import chosen

AT_ONCE = max(2, min(4, os.cpu_count() or 1)) + 1  # as many as decoders, and one more: while one waits for the disk another is drawn
ASKED_TOGETHER = 20  # a question to the database costs as much as a tenth of a look


@flow
def sort_frame(frame_id: str) -> None:
    """A photo is read, matched to its slate, and filed or left in the tray."""
    scan_frame(frame_id)
    sort_its_cards(frame_id)


@flow
def sort_card(import_id: str) -> None:
    """The photos of a card are read, matched to their slates, and filed or left in the tray."""
    scan_its_frames(import_id)
    sort_its_imports(import_id)


@flow
def sort_import(import_id: str) -> None:
    """A card is sorted whose last photo will never come."""
    sort_one_card(import_id)


@each_minute
@flow
def sort_what_waits(minute: str) -> None:
    """Cards are sorted that came out too early and did not come back."""
    promise_forgotten_frames(minute)
    sort_waiting_cards(minute)


@step(tries=5)
def scan_frame(frame_id: str) -> None:
    _scan(UUID(frame_id))


@step(tries=5)
def scan_its_frames(import_id: str) -> None:
    """Look at the frames of a card, several at once. One that finds no answer does not hold up the others; then the step is repeated."""
    waiting = _Places(queries.unread(WORKER, UUID(import_id)))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        faults = [fault for lane in [pool.submit(_scan_from, waiting) for _ in range(AT_ONCE)] for fault in lane.result()]
    for fault in faults:
        raise fault


@step(tries=5)
def sort_its_imports(import_id: str) -> None:
    for other in queries.imports_with(WORKER, UUID(import_id)):
        _sort(other)


class _Places:
    """Where some frames lie, asked for a few at a time, and handed out one by one to whichever thread comes next."""

    def __init__(self, frames: list[UUID]) -> None:
        self.cameras = scanning.Cameras(WORKER)
        self._frames, self._ready, self._lock = iter(frames), deque[Place](), Lock()

    def next(self) -> Place | None:
        with self._lock:
            while not self._ready and (few := list(islice(self._frames, ASKED_TOGETHER))):
                self._ready.extend(queries.first_places(WORKER, few))
            return self._ready.popleft() if self._ready else None


def _scan_from(waiting: _Places) -> list[Exception]:
    """Look at one frame after the other, in a thread of its own, which gives its connection back; returns what found no answer."""
    faults = list[Exception]()
    try:
        while place := waiting.next():
            try:
                _look_at(place, waiting.cameras)
            except Exception as fault:  # noqa: BLE001 - the step raises it when the others have been looked at
                faults.append(fault)
                connection.close()  # it may be what broke
        return faults
    finally:
        connection.close()


def _scan(frame: UUID) -> None:
    if not queries.scanned(WORKER, frame):
        _look_at(queries.first_place(WORKER, frame), scanning.Cameras(WORKER))


def _look_at(place: Place, cameras: scanning.Cameras) -> None:
    """Look at one frame: bytes first, row second. A run that comes second keeps nothing."""
    try:
        scan = scanning.scan(WORKER, place, cameras)
    except Damage:
        # The copy was whole when it was read back. Custody notes the damage, and for its card the frame is lost.
        _note_damage(place.frame_id)
        return
    try:
        record_scan(by=WORKER, scan=scan, now=clock.now(), new_id=uuid4())
    except AlreadyScanned:
        for kept in (scan.preview, scan.thumb):
            if kept:
                chosen.store().purge(kept.name)


def _note_damage(frame: UUID) -> None:
    stored = custody.frame(WORKER, frame).stored_id
    if stored is not None:
        read_back_frame(by=WORKER, frame_id=frame, object_id=stored, found=None, now=clock.now())


@step(tries=5)
def sort_its_cards(frame_id: str) -> None:
    for import_id in queries.imports_of(WORKER, UUID(frame_id)):
        _sort(import_id)


@step(tries=5)
def sort_one_card(import_id: str) -> None:
    _sort(UUID(import_id))


@step(tries=2)
def promise_forgotten_frames(minute: str) -> None:  # noqa: ARG001 - the minute is the key of the promise
    """Frames that are safe and whose card got no receipt since, for whatever reason, are read all the same."""
    with transaction.atomic():
        for frame, stored in queries.forgotten(WORKER, now=clock.now()):
            enqueue(sort_frame, frame, queue="scan", key=f"sort:{stored}")


@step(tries=2)
def sort_waiting_cards(minute: str) -> None:  # noqa: ARG001 - the minute is the key of the promise
    for import_id in queries.undecided(WORKER):
        _sort(import_id)


def _sort(import_id: UUID) -> None:
    """Sort a card as far as it can be.

    1. Nothing before every frame has been read or will never be.
    2. What would go to the tray is first looked at more closely: a slate may have been missed, and may change all.
    3. Each frame is placed by itself. Who was first has decided.
    4. When all are placed, that is noted, and what slates on a screen told of the cameras' clocks.
    """
    coming, _ = queries.missing(WORKER, import_id, now=clock.now())
    if coming:  # (1)
        return
    while doubtful := decisions.worth_a_closer_look(decided := decisions.decide(WORKER, import_id, now=clock.now())):  # (2)
        _look_closely(doubtful, decided)
    for placement in decided.open:  # (3)
        _place(placement, decided)
    if decided.complete and queries.card_sorted(WORKER, import_id) is None:  # (4)
        _finish(import_id, decided)


def _look_closely(frames: Sequence[UUID], decided: Decided) -> None:
    """Look at some frames once more, several at once; what is found is recorded by this thread alone, in order."""

    def look(place: Place) -> scanning.Looked:
        return scanning.look_closely(place, unread_before=decided.rows[place.frame_id].unread_symbol)

    for start in range(0, len(frames), ASKED_TOGETHER):
        places = queries.first_places(WORKER, frames[start : start + ASKED_TOGETHER])
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for place, found in zip(places, pool.map(look, places), strict=True):
                _record(place.frame_id, found)


def _record(frame: UUID, found: scanning.Looked) -> None:
    with suppress(AlreadyScanned):
        record_closer_look(by=WORKER, frame_id=frame, slates=found.slates, unread_symbol=found.unread_symbol, now=clock.now())


def _place(placement: Placement, decided: Decided) -> None:
    frame, now = placement.frame, clock.now()
    try:
        if placement.put is Put.SLATE:
            mark_slate(by=WORKER, frame_id=frame, visit_id=placement.visit, now=now)
        elif placement.put is Put.FILED and placement.visit:
            _file(placement, placement.visit, decided)
        elif placement.why:
            leave_in_tray(by=WORKER, frame_id=frame, why=placement.why, behind=placement.behind, now=now)
    except (NotPossibleNow, AlreadyFiled):
        return


def _file(placement: Placement, visit: UUID, decided: Decided) -> None:
    frame = placement.frame
    try:
        filing = decisions.filing(WORKER, frame, visit, taken_at=decided.moments[frame], photograph=uuid4())
        file_frame(by=WORKER, filing=filing, now=clock.now())
    except (NotPossibleNow, AlreadyFiled):
        raise
    except Refusal as no:
        why = Why.NO_CONSENT if isinstance(no, NoConsent) else Why.NOT_ACCEPTED
        leave_in_tray(by=WORKER, frame_id=frame, why=why, behind=placement.behind, now=clock.now())


def _finish(import_id: UUID, decided: Decided) -> None:
    for camera, ahead in decided.clocks.items():
        check_clock(by=WORKER, camera_id=camera, ahead=ahead, now=clock.now())
    missing = decisions.numbers_missing(WORKER, import_id)
    try:
        finish_sorting(by=WORKER, import_id=import_id, numbers_missing=missing, now=clock.now(), new_id=uuid4())
    except AlreadyScanned:
        return
