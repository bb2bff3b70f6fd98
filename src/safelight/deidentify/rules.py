"""Pure rules of covered copies."""

import hashlib
import struct
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from safelight.custody.lifecycle import FrameState
from safelight.deidentify.boxes import Box, Kind, share_in
from safelight.deidentify.lifecycle import CopyState
from safelight.deidentify.models import (
    Checklist,
    CoveredCopy,
    Decision,
    DeskPermit,
    Finding,
    Look,
    Recall,
    SecondLook,
    SetAside,
    SignOff,
    Source,
)
from safelight.deidentify.said import OWED, Made, Said
from safelight.kernel.actor import Actor, Role
from safelight.photographs.models import Photograph
from safelight.photographs.pictures import Kind as FileKind
from safelight.photographs.pictures import inspect
from safelight.photographs.rules import may_handle, restricted
from safelight.vault.models import Rendition

DESK_FOR = timedelta(minutes=15)
# A look takes four seconds. When it has not come to its end after this time its worker is away: people go on without it.
PATIENCE = timedelta(minutes=2)
MOST_BOXES = 500  # as many as are covered at once: a printed page behind a patient has hundreds of lines
SAME = 0.6
# Of what lies in boxes that are black nothing is seen; what reaches out of them by more than this is.
HIDDEN = 0.9
# A second look takes some seconds; a page that was changed longer ago does not wait for it any more.
AGAIN_WITHIN = timedelta(minutes=1)
NOT_STARTED = "start"
# What the record calls these files, whoever their maker is.
VIDEO, RAW = "video", "raw"
_KINDS = list(Kind)


class FinderState(StrEnum):
    """What the computer's look at a photo has come to."""

    LOOKING = "looking"
    DONE = "done"
    FAILED = "failed"


def why_not(actor: Actor, photograph: Photograph, *, slate: bool) -> str:
    """The code of why a photo has no covered copy; empty where it can have one."""
    if slate:
        return "deidentify.slate_frame"
    if photograph.kind == VIDEO:
        return "deidentify.video_not_covered"
    if photograph.raw_of_id:
        return "deidentify.cover_the_jpeg"
    return "" if may_handle(actor, photograph.visit) else "deidentify.photographers_evidence"


def file_kind(photograph: Photograph, head: bytes) -> FileKind:
    """The kind of a photo's file. The record says of a RAW file no more than that; its maker stands in its first bytes, or, where these
    are a TIFF file's, in its tags, which whoever reads RAW files reads.
    """
    if photograph.kind != RAW:
        return FileKind(photograph.kind)
    found = inspect(head)
    return found if isinstance(found, FileKind) and found.raw else FileKind.DNG


def largest(photograph: Photograph) -> int:
    """The most bytes that the file of a photo may have."""
    return (FileKind.DNG if photograph.kind == RAW else FileKind(photograph.kind)).largest


def as_now(row: CoveredCopy | DeskPermit | Look | SetAside | SignOff, photograph: Photograph) -> bool:
    """Whether something was done under the patient and with the file that the photo has now."""
    return row.patient_id == photograph.patient_id and row.record_copy_id == photograph.record_copy_id


def is_draft(copy: CoveredCopy, photograph: Photograph, *, version: int) -> bool:
    """Whether a copy is a draft in the version that somebody has seen, of the photo as it is now."""
    return copy.state == CopyState.DRAFT and copy.version == version and as_now(copy, photograph)


def stands(copy: CoveredCopy, photograph: Photograph, *, young: bool) -> bool:
    """Whether a covered copy, the newest that was decided, may be shown: all that was asked when it was made holds still.

    `young` is what is known of the patient's age now; who was young when the copy was made stays so.
    """
    return (
        copy.state == CopyState.APPROVED
        and as_now(copy, photograph)
        and copy.digest == photograph.record_copy.digest
        and photograph.frame.state != FrameState.DAMAGED
        and photograph.frame.stored_id == photograph.record_copy_id  # not one that broke and whose place another will take
        and (copy.sign_off_id is not None or not restricted(photograph, young=young or copy.young))
    )


def asks_the_age(copy: CoveredCopy, photograph: Photograph) -> bool:
    """Whether it hangs on the patient's age if a copy may be shown."""
    return copy.sign_off_id is None and restricted(photograph, young=True)


def picture(record_copy: UUID, areas: Iterable[Box], turn: int) -> str:
    """Which picture a covered copy shows: the same file with the same areas and turn gives the same pixels, and the same digest."""
    edges = b"".join(struct.pack("<4d", area.x, area.y, area.w, area.h) for area in areas)
    return hashlib.sha256(record_copy.bytes + bytes([turn % 4]) + edges).hexdigest()


def picture_of(copy: CoveredCopy) -> str:
    """The same of a copy that was approved."""
    return picture(copy.record_copy_id, (Box(*area) for area in copy.areas), copy.turn)


def seen_in(copy: CoveredCopy, box: Box | None) -> bool:
    """Whether something can be seen in an approved copy: it does not lie in what was burned out of it."""
    return copy.state == CopyState.APPROVED and box is not None and share_in(box, [Box(*area) for area in copy.areas]) < HIDDEN


def looked_again(copy: CoveredCopy, looks: Iterable[SecondLook], recall: Recall | None = None) -> bool:
    """Whether the computer has looked again at what an approved copy shows, and nothing has turned up since it was approved."""
    every = list(looks)
    return recall is None and any(look.picture == picture_of(copy) for look in every) and not any(look.recalls for look in every)


def looked_wholly(picture: str, looks: Iterable[SecondLook]) -> bool:
    """Whether a picture has been looked at again with every step of every finder."""
    return any(look.whole and look.picture == picture for look in looks)


def still_there(box: Box | None, *, areas: Iterable[Box], shown: Iterable[Box]) -> bool:
    """Whether what a second look saw is for a person to decide: not what was shown on purpose, nor what black areas hide, nor what is
    made of such places alone.
    """
    if box is None:
        return False
    on_purpose = list(shown)
    return not any(within(box, place) for place in on_purpose) and share_in(box, [*areas, *on_purpose]) < HIDDEN


def status_words(copy: CoveredCopy, *, named_by: str = "") -> str:
    """What a covered copy is called. It is never called anonymous unless a named person said so (F2, F3)."""
    return f"Anonymous, says {named_by}" if copy.anonymous_by and named_by else "Identifiers reduced"


def is_senior(actor: Actor) -> bool:
    """Whether the actor signs off what takes a senior person."""
    return actor.has(Role.SENIOR)


def undecided(findings: Iterable[Finding]) -> tuple[int, ...]:
    """The numbers of the findings of which nobody has said anything."""
    return tuple(finding.number for finding in findings if finding.state == Decision.UNDECIDED)


def by_kind(findings: Iterable[Finding]) -> dict[Kind, int]:
    """How many findings there are of each kind."""
    kinds = [Kind(finding.kind) for finding in findings]
    return {kind: kinds.count(kind) for kind in _KINDS if kind in kinds}


def box_of(finding: Finding) -> Box | None:
    """The place of a finding; None for metadata."""
    if finding.x is None or finding.y is None or finding.w is None or finding.h is None:
        return None
    return Box(finding.x, finding.y, finding.w, finding.h)


def covered(findings: Iterable[Finding]) -> tuple[Box, ...]:
    """The boxes that are burned out of the copy, in order."""
    chosen = sorted((f for f in findings if f.state == Decision.COVER), key=lambda f: f.number)
    return tuple(box for box in map(box_of, chosen) if box)


def signed(said: Said, *, urgent_allowed: bool) -> bool:
    """Whether a checklist is whole: every statement of its kind, and the short kind only where the site allows it."""
    return said.statements == OWED[said.kind] and (said.kind == Checklist.FULL or urgent_allowed)


def fits(made: Made, photograph: Photograph, areas: tuple[Box, ...]) -> bool:
    """Whether a covered copy was made of this photo as it is, with exactly these areas, and sealed for its patient."""
    return (
        made.record_copy == photograph.record_copy_id
        and made.digest == photograph.record_copy.digest
        and made.areas == areas
        and made.kept.holder == str(photograph.patient_id)
        and made.kept.rendition == Rendition.COVERED
    )


def same_place(one: Box | None, other: Box | None) -> bool:
    """Whether two boxes are of one thing: they share most of what they cover together."""
    if one is None or other is None:
        return one is other
    across = min(one.x + one.w, other.x + other.w) - max(one.x, other.x)
    down = min(one.y + one.h, other.y + other.h) - max(one.y, other.y)
    shared = max(across, 0.0) * max(down, 0.0)
    return shared >= SAME * (one.w * one.h + other.w * other.h - shared)


def within(box: Box, place: Box, *, share: float = SAME) -> bool:
    """Whether most of a box, or as much as is said, lies in another one."""
    across = min(box.x + box.w, place.x + place.w) - max(box.x, place.x)
    down = min(box.y + box.h, place.y + place.h) - max(box.y, place.y)
    return max(across, 0.0) * max(down, 0.0) >= share * box.w * box.h


def turned(box: Box, quarters: int) -> Box:
    """A box of a photo, in the photo after so many quarter turns clockwise."""
    for _ in range(quarters % 4):
        box = Box(max(1 - box.y - box.h, 0.0), box.x, box.h, box.w)
    return box


def finder_state(looks: Collection[Look], *, since: datetime | None, now: datetime) -> FinderState:
    """What the looks at a photo as it is now have come to; `since` is when somebody first opened it."""
    seen = [look for look in looks if look.stage != NOT_STARTED]
    if any(look.done for look in seen):
        return FinderState.FAILED if any(look.failed for look in seen) else FinderState.DONE
    if any(look.failed for look in looks if look.stage == NOT_STARTED) or (since is not None and now - since >= PATIENCE):
        return FinderState.FAILED
    return FinderState.LOOKING


def taken_away(drawn: Iterable[Finding], kept: Collection[UUID]) -> list[UUID]:
    """The boxes that a person drew and took away again."""
    return [finding.pk for finding in drawn if finding.source == Source.DRAWN and finding.pk not in kept]
