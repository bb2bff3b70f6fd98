"""Covered copies, through the real actions.

`open_desk(photograph, by)` opens a photo to cover it; `note(photograph, seen("SAMPLE"))` is the computer's look with what it saw, whole
unless told otherwise; `keep(photograph, by, cover())` keeps boxes; `approve(by, photograph)` signs the four statements for copies that
`made(photograph)` put into the vault without covering anything: for tests of the rules; `look_again(copy)` is the computer's second
look at it, which `approve` has too unless told otherwise. `make_covered_copy(photograph, by)` does it all with the real covering, and a
look by the quickest of the finders; `all_finders()` has them all.
"""

import inspect
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID, uuid4

from django.test import override_settings
from tests.factories import pictures as invented

from safelight.config.settings import base
from safelight.deidentify import looking, making, queries, tasks
from safelight.deidentify.actions.approve_copies import approve_copies
from safelight.deidentify.actions.keep_boxes import keep_boxes
from safelight.deidentify.actions.note_findings import note_findings
from safelight.deidentify.actions.note_second_look import note_second_look
from safelight.deidentify.actions.view_desk import view_desk
from safelight.deidentify.boxes import Box, Found, Kind, Stage
from safelight.deidentify.desk import Desk
from safelight.deidentify.lifecycle import CopyState
from safelight.deidentify.models import Approval, Checklist, CoveredCopy, Decision, DeskPermit, Finding, How
from safelight.deidentify.said import OWED, BoxSaid, Made, Said, SecondSeen
from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Actor
from safelight.kernel.digest import Digest
from safelight.photographs import pictures
from safelight.photographs import queries as photographs
from safelight.photographs.models import Photograph
from safelight.vault import objects
from safelight.vault.models import Rendition

BOX = (0.1, 0.1, 0.2, 0.2)
FULL = Said(kind=Checklist.FULL, statements=OWED[Checklist.FULL])
URGENT = Said(kind=Checklist.URGENT, statements=OWED[Checklist.URGENT])


@contextmanager
def all_finders() -> Iterator[None]:
    """Inside, photos are looked at by every finder, as in a hospital: seconds a photo, where other tests take the quickest one."""
    pictures.close()
    with override_settings(SAFELIGHT_FINDERS=base.SAFELIGHT_FINDERS):
        yield
    pictures.close()


def open_desk(photograph: Photograph, by: Actor, *, now: datetime | None = None) -> DeskPermit:
    """Somebody opens a photo to cover it."""
    return view_desk(by=by, photograph_id=photograph.pk, now=now or clock.now(), new_id=uuid4())


def see_desk(photograph: Photograph, by: Actor, *, now: datetime | None = None) -> Desk:
    """What the editor shows to somebody who has opened the photo."""
    return queries.desk(by, photograph.pk, now=now or clock.now())


def seen(
    text: str = "", *, kind: Kind = Kind.TEXT, box: tuple[float, float, float, float] | None = BOX, version: str = "1", low: bool = False
) -> Found:
    """One thing that a finder saw."""
    place = None if kind is Kind.METADATA or box is None else Box(*box)
    return Found(kind=kind, box=place, confidence=0.9, text=text, finder="test finder", version=version, low=low)


def note(
    photograph: Photograph, *found: Found, stage: str = "text", done: bool = True, failed: bool = False, now: datetime | None = None
) -> None:
    """The computer notes one stage of its look."""
    here = photographs.photograph(WORKER, photograph.pk)
    what = Stage(stage, found, failed=failed, done=done)
    note_findings(by=WORKER, seen=looking.sealed(WORKER, here, what, new_id=uuid4), now=now or clock.now(), new_id=uuid4())


def cover(box: tuple[float, float, float, float] = BOX, *, state: Decision = Decision.COVER, box_id: UUID | None = None) -> BoxSaid:
    """A box as it stands in the editor."""
    return BoxSaid(id=box_id or uuid4(), box=Box(*box), state=state)


def said(finding: Finding, state: Decision) -> BoxSaid:
    """A finding as a person decides it, at its place."""
    return BoxSaid(id=finding.pk, box=Box(finding.x, finding.y, finding.w, finding.h), state=state)


def keep(photograph: Photograph, by: Actor, *boxes: BoxSaid, turn: int = 0, version: int | None = None, now: datetime | None = None) -> int:
    """Keep boxes on the newest draft; its new version."""
    newest = queries.newest_copy(by, photograph.pk)
    seen_version = version if version is not None else (newest.version if newest else 0)
    return keep_boxes(by=by, photograph_id=photograph.pk, version=seen_version, boxes=boxes, turn=turn, now=now or clock.now())


def decide_all(photograph: Photograph, by: Actor, state: Decision = Decision.COVER) -> int:
    """Say the same of every area that has a place."""
    return keep(photograph, by, *(said(each, state) for each in Finding.objects.filter(photograph=photograph, x__isnull=False)))


def made(photograph: Photograph, **changed: object) -> Made:
    """A copy for the draft as it stands, whose bytes are in the vault: any picture, for tests of who may approve what."""
    here = photographs.photograph(WORKER, photograph.pk)
    draft = queries.newest_copy(WORKER, photograph.pk)
    jpeg = invented.photo()
    given: dict[str, object] = {
        "photograph": here.pk,
        "version": draft.version if draft else 0,
        "record_copy": here.record_copy_id,
        "digest": Digest(here.record_copy.digest),
        "kept": objects.keep([jpeg], rendition=Rendition.COVERED, holder=str(here.patient_id), limit=len(jpeg)),
        "how": How.UNCHANGED,
        "turn": draft.turn if draft else 0,
        "areas": tuple(Box(each.x, each.y, each.w, each.h) for each in _covered(here)),
        "width": 600,
        "height": 400,
        "flagged": False,
        "slate": False,
        "young": False,
        "approval": uuid4(),
    }
    return Made(**given | changed)


def approve(
    by: Actor,
    *of: Photograph,
    copies: Iterable[Made] | None = None,
    signing: Said = FULL,
    now: datetime | None = None,
    looked_again: bool = True,
) -> dict[UUID, Approval]:
    """Sign for a set of photos; with the four statements, and with nothing found by the second look, unless told otherwise."""
    approved = approve_copies(
        by=by,
        photograph_ids=tuple(photograph.pk for photograph in of),
        made=tuple(made(photograph) for photograph in of) if copies is None else tuple(copies),
        signing=signing,
        now=now or clock.now(),
        new_id=uuid4(),
    )
    for approval in approved.values() if looked_again else ():
        look_again(approval.copy)
    return approved


def look_again(copy: CoveredCopy, *found: Found, whole: bool = False, failed: bool = False) -> None:
    """The computer notes its second look at a copy, or at a draft as it stands, with what it saw."""
    photograph = photographs.photograph(WORKER, copy.photograph_id)
    sealed = looking.sealed(WORKER, photograph, Stage("again", found), new_id=uuid4).found
    seen_again = SecondSeen(copy=copy.pk, picture=queries.picture_now(WORKER, copy), whole=whole, failed=failed, found=sealed)
    note_second_look(by=WORKER, seen=seen_again, now=clock.now(), new_id=uuid4())


def computer_looks_again(photograph: Photograph) -> None:
    """What a worker would do about the newest copy of a photo: the real second look, at its draft or at what was signed."""
    newest = queries.newest_copy(WORKER, photograph.pk)
    if newest and newest.state == CopyState.DRAFT:
        inspect.unwrap(tasks.look_at_draft)(str(photograph.pk))
    elif newest:
        inspect.unwrap(tasks.look_at_copy)(str(newest.pk))


def ready(photograph: Photograph, by: Actor, *, boxes: Iterable[tuple[float, float, float, float]] = (BOX,)) -> Photograph:
    """A photo that somebody has opened, in which the computer saw nothing more and every area is decided; not approved yet."""
    open_desk(photograph, by)
    here = photographs.photograph(WORKER, photograph.pk)
    if not any(look.done for look in queries.looks(by, here)):
        note(photograph, stage="metadata")
    decided = [said(each, Decision.COVER) for each in Finding.objects.filter(photograph=photograph, x__isnull=False)]
    keep(photograph, by, *decided, *(cover(box) for box in boxes))
    return photograph


def make_covered_copy(photograph: Photograph, by: Actor, *, boxes: Iterable[tuple[float, float, float, float]] = (BOX,)) -> Approval:
    """A covered copy with these boxes, by the real covering; signed with the four statements. `boxes=()` covers nothing."""
    ready(photograph, by, boxes=boxes)
    copy = making.make(by, photograph.pk, now=clock.now(), approval=uuid4())
    approval = approve(by, photograph, copies=[copy], looked_again=False)[photograph.pk]
    computer_looks_again(photograph)
    return approval


def _covered(photograph: Photograph) -> list[Finding]:
    rows = Finding.objects.filter(photograph=photograph, state=Decision.COVER, x__isnull=False)
    return list(rows.order_by("number"))
