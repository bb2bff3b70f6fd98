"""The second look: the computer looks at a covered copy as others would see it. Slow: before the action that notes it.

1. In brief, on a reduced picture, at the draft of a copy as soon as everything in it is decided, so that the answer is there when
   somebody signs; else right after.
2. At the whole of a copy after it was signed.
"""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from safelight.deidentify import covering, finding, looking, queries, rules
from safelight.deidentify.boxes import Found, Kind, Stage
from safelight.deidentify.lifecycle import CopyState
from safelight.deidentify.models import CoveredCopy
from safelight.deidentify.said import SecondSeen
from safelight.kernel.actor import Actor
from safelight.kernel.errors import Unavailable
from safelight.photographs import pictures
from safelight.photographs import queries as photographs
from safelight.photographs.models import Photograph
from safelight.vault import objects


def look(actor: Actor, copy: CoveredCopy, *, whole: bool, new_id: Callable[[], UUID]) -> SecondSeen:
    """What the finders see in a copy or in what its draft would be, ready to be noted; that they could not look is an answer too.

    Raises CannotCover where a draft cannot be made a copy, Damage, and Unavailable where a store is away.
    """
    photograph = photographs.photograph(actor, copy.photograph_id)
    picture, jpeg = _picture(actor, photograph, copy)
    try:
        seen, failed = finding.look_again(jpeg, brief=not whole), False
    except Unavailable:
        seen, failed = (), True
    places = Stage("again", tuple(_as_stored(each, copy.turn) for each in seen if each.kind is not Kind.METADATA and not each.low))
    sealed = looking.sealed(actor, photograph, places, new_id=new_id)
    return SecondSeen(copy=copy.pk, picture=picture, whole=whole, failed=failed, found=sealed.found)


def _picture(actor: Actor, photograph: Photograph, copy: CoveredCopy) -> tuple[str, bytes]:
    """What a copy shows, or what its draft would show, and which picture that is."""
    if copy.state != CopyState.DRAFT and copy.stored:
        return rules.picture_of(copy), objects.read_bytes(copy.stored, limit=rules.LARGEST_COPY)
    areas = rules.covered(queries.findings(actor, photograph.pk))
    data = objects.read_bytes(photograph.record_copy, limit=rules.largest(photograph))
    burned = [rules.turned(area, copy.turn) for area in areas]
    covered = covering.cover(data, burned, turn=copy.turn, kind=rules.file_kind(photograph, data[: pictures.HEAD]))
    return rules.picture(photograph.record_copy_id, areas, copy.turn), covered.data


def _as_stored(found: Found, turn: int) -> Found:
    """The place in the photo before the turn that a person added, as all boxes are kept."""
    return replace(found, box=rules.turned(found.box, -turn) if found.box else None)
