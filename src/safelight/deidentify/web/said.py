"""What comes back from the page: boxes as its module writes them, or, without it, what was filled in by hand."""

import json
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.core.exceptions import BadRequest
from django.http import QueryDict

from safelight.deidentify.boxes import Box, NotABox
from safelight.deidentify.models import Checklist, Decision, SetAside
from safelight.deidentify.rules import turned
from safelight.deidentify.said import OWED, BoxSaid, Said, Statement
from safelight.deidentify.web.shown import Sheet, within

SIDES = ("left", "top", "wide", "high")
MOST_CHARACTERS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """One photo's boxes as a person left them. `no_such_box`: numbers were given for one more, and are of none within the photo."""

    version: int
    turn: int
    boxes: tuple[BoxSaid, ...]
    no_such_box: bool = False

    def differs(self, sheet: Sheet) -> bool:
        """Whether it says anything that is not kept already."""
        kept = {(area.id, area.box, area.state) for area in sheet.areas}
        return self.turn != sheet.turn or {(str(said.id), said.box, said.state.value) for said in self.boxes} != kept


def by_module(data: QueryDict) -> Posted:
    """What the page's module tells while a person works. Raises BadRequest for anything that it would not write."""
    return Posted(version=_count(data.get("version")), turn=_count(data.get("turn")) % 4, boxes=_boxes(data.get("boxes", "")))


def by_form(data: QueryDict, sheet: Sheet) -> Posted:
    """What the form says of one photo, with what the pressed button adds to it. Raises BadRequest.

    A box whose numbers were filled in is added by whichever button was pressed.
    """
    own = str(sheet.id)
    written = data.get(f"boxes-{own}", "")
    boxes = _boxes(written) if written else _by_hand(data, sheet)
    said = Posted(version=_count(data.get(f"version-{own}")), turn=_count(data.get(f"turn-{own}")) % 4, boxes=boxes)
    if data.get("cover") == "all":
        covered = (replace(box, state=Decision.COVER) if box.state == Decision.UNDECIDED else box for box in said.boxes)
        said = replace(said, boxes=tuple(covered))
    if data.get("add") == own or any(data.get(f"{side}-{own}") for side in SIDES):
        said = _with_one_more(said, data, own)
    return replace(said, turn=(said.turn + 1) % 4) if data.get("turn_photo") == own else said


def set_aside(kept: SetAside, *, version: int) -> Posted:
    """What was kept for one person alone, as they had left it."""
    boxes = (BoxSaid(id=UUID(one["id"]), box=Box(*one["box"]), state=Decision(one["state"])) for one in kept.boxes)
    return Posted(version=version, turn=kept.turn, boxes=tuple(boxes))


def version_of(data: QueryDict, photograph_id: UUID) -> int:
    """The version of a photo's draft that the page was made of. Raises BadRequest."""
    return _count(data.get(f"version-{photograph_id}"))


def ticked(data: QueryDict) -> Said:
    """The checklist as it was ticked: the urgent line alone, where it is ticked, else the four."""
    lines = frozenset(Statement(value) for value in (*data.getlist("looked_for"), *data.getlist("urgent")) if value in set(Statement))
    urgent = lines & OWED[Checklist.URGENT]
    return Said(kind=Checklist.URGENT, statements=urgent) if urgent else Said(kind=Checklist.FULL, statements=lines)


def _by_hand(data: QueryDict, sheet: Sheet) -> tuple[BoxSaid, ...]:
    boxes = {area.id: area.box for area in sheet.areas if area.box and not (area.drawn and data.get("remove") == area.id)}
    unkept = data.get(f"unkept-{sheet.id}")
    for one in _boxes(unkept) if unkept else ():  # drawn, while somebody else was quicker
        if data.get("remove") != str(one.id):
            boxes.setdefault(str(one.id), one.box)
    said = {own: data.get(f"state-{own}", Decision.UNDECIDED.value) for own in boxes}
    if not set(said.values()) <= set(Decision.values):
        raise BadRequest
    return tuple(BoxSaid(id=UUID(own), box=box, state=Decision(said[own])) for own, box in boxes.items())


def _with_one_more(said: Posted, data: QueryDict, own: str) -> Posted:
    try:
        left, top, wide, high = (float(data.get(f"{side}-{own}", "")) / 100 for side in SIDES)
        box = turned(within(left, top, wide, high), -said.turn)
    except ValueError:  # NotABox is one
        return replace(said, no_such_box=True)
    return replace(said, boxes=(*said.boxes, BoxSaid(id=uuid4(), box=box, state=Decision.COVER)))


def _boxes(written: str) -> tuple[BoxSaid, ...]:
    try:
        read: object = json.loads(written) if len(written) <= MOST_CHARACTERS else None
    except ValueError:
        read = None
    if not isinstance(read, list):
        raise BadRequest
    return tuple(_box(one) for one in read)


def _box(one: object) -> BoxSaid:
    match one:
        case {"id": str(own), "state": str(state), **sides}:
            try:
                left, top, wide, high = (_share(sides.get(side)) for side in "xywh")
                return BoxSaid(id=UUID(own), box=within(left, top, wide, high), state=Decision(state))
            except ValueError:  # NotABox is one
                raise BadRequest from None
    raise BadRequest


def _share(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotABox
    return float(value)


def _count(value: str | None) -> int:
    if value is None or not value.isascii() or not value.isdigit() or len(value) > len(str(2**31)):
        raise BadRequest
    return int(value)
