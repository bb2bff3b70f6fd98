"""The second look: the computer looks at a covered copy as others would see it. Slow: before the action that notes it.

It looks at the draft of a copy as soon as everything in it is decided, so that the answer is there when somebody signs; else right after.
It is noted twice: in brief, once every finder has taken its first step, which is what a copy waits for; and as a whole.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import UUID

from safelight.deidentify import covering, finding, looking, queries, rules
from safelight.deidentify.boxes import Box, Found, Kind, Stage
from safelight.deidentify.lifecycle import CopyState
from safelight.deidentify.models import CoveredCopy
from safelight.deidentify.said import SecondSeen
from safelight.kernel.actor import Actor
from safelight.kernel.errors import Unavailable
from safelight.photographs import pictures
from safelight.photographs import queries as photographs
from safelight.photographs.models import Photograph
from safelight.vault import objects


def looks(actor: Actor, copy: CoveredCopy, *, new_id: Callable[[], UUID]) -> Iterator[SecondSeen]:
    """What the finders see in a copy or in what its draft would be, in brief and then as a whole, ready to be noted; that they could
    not look is an answer too.

    Raises CannotCover where a draft cannot be made a copy, Damage, and Unavailable where a store is away.
    """
    photograph = photographs.photograph(actor, copy.photograph_id)
    picture, jpeg, burned = _picture(actor, photograph, copy)
    seen, failed, left = finding.look_again(jpeg, covered=burned), False, [False, True]
    while left:
        found: tuple[Found, ...] = ()
        try:
            found = () if failed else next(seen)
        except Unavailable:
            failed = True
        places = Stage("again", tuple(_as_stored(each, copy.turn) for each in found if each.kind is not Kind.METADATA and not each.low))
        sealed = looking.sealed(actor, photograph, places, new_id=new_id)
        yield SecondSeen(copy=copy.pk, picture=picture, whole=left.pop(0), failed=failed, found=sealed.found)


def _picture(actor: Actor, photograph: Photograph, copy: CoveredCopy) -> tuple[str, bytes, list[Box]]:
    """Which picture a copy shows, or its draft would show; the picture; and its areas as they were covered in it."""
    if copy.state != CopyState.DRAFT and copy.stored:
        burned = [rules.turned(Box(*area), copy.turn) for area in copy.areas]
        return rules.picture_of(copy), objects.read_bytes(copy.stored, limit=covering.LARGEST), burned
    areas = rules.covered(queries.findings(actor, photograph.pk))
    data = objects.read_bytes(photograph.record_copy, limit=rules.largest(photograph))
    burned = [rules.turned(area, copy.turn) for area in areas]
    covered = covering.cover(data, burned, turn=copy.turn, kind=rules.file_kind(photograph, data[: pictures.HEAD]))
    return rules.picture(photograph.record_copy_id, areas, copy.turn), covered.data, burned


def _as_stored(found: Found, turn: int) -> Found:
    """The place in the photo before the turn that a person added, as all boxes are kept."""
    return replace(found, box=rules.turned(found.box, -turn) if found.box else None)
