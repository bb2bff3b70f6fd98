"""What comes back from the page on which people cover, read strictly."""

import json
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import BadRequest
from django.http import QueryDict

from safelight.deidentify.boxes import Box
from safelight.deidentify.models import Checklist, Decision
from safelight.deidentify.said import OWED, Statement
from safelight.deidentify.web import said
from safelight.deidentify.web.shown import Area, Sheet

OWN, FOUND, DRAWN = UUID(int=1), UUID(int=2), UUID(int=3)
BOX = {"id": str(FOUND), "x": 0.1, "y": 0.2, "w": 0.3, "h": 0.4, "state": "cover"}


def area(own: UUID, number: int, *, drawn: bool = False, state: str = "undecided") -> Area:
    return Area(id=str(own), number=number, box=Box(0.1, 0.2, 0.3, 0.4), words="Text", note="", drawn=drawn, state=state)


SHEET = Sheet(
    id=OWN,
    number=1,
    name="This photo",
    alt="Left forearm",
    alone=True,
    width=600,
    height=400,
    turn=0,
    version=4,
    areas=(area(FOUND, 1), area(DRAWN, 2, drawn=True, state="cover")),
    carried=(),
    looking="",
    failed=False,
    again="",
    looking_again=False,
    has_full=False,
)


def posted(**fields: str) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in ({f"version-{OWN}": "4", f"turn-{OWN}": "0"} | fields).items():
        data[name] = value
    return data


def module(boxes: object, **fields: str) -> QueryDict:
    return posted(version="4", turn="1", boxes=json.dumps(boxes), **fields)


def test_reads_what_the_module_writes():
    told = said.by_module(module([BOX]))
    assert (told.version, told.turn) == (4, 1)
    assert [(box.id, box.box, box.state) for box in told.boxes] == [(FOUND, Box(0.1, 0.2, 0.3, 0.4), Decision.COVER)]


def test_keeps_the_last_bits_of_a_fraction_inside_the_photo():
    [box] = said.by_module(module([BOX | {"x": -1e-17, "y": 0.7, "h": 0.3000000000000001}])).boxes
    assert box.box.x == 0
    assert box.box.y + box.box.h <= 1


@pytest.mark.parametrize(
    "boxes",
    [
        None,
        {},
        [1],
        [{"id": str(FOUND)}],
        [BOX | {"id": "no uuid"}],
        [BOX | {"state": "perhaps"}],
        [BOX | {"x": "0.1"}],
        [BOX | {"x": True}],
        [BOX | {"w": 0}],
        [BOX | {"x": 2}],
        [BOX | {"w": -0.5}],
        [BOX | {"h": float("nan")}],
    ],
)
def test_refuses_anything_that_the_module_would_not_write(boxes):
    with pytest.raises(BadRequest):
        said.by_module(module(boxes))


NO_NUMBERS = ({"version": "-1"}, {"version": "x"}, {"turn": "²"}, {"version": "9" * 30}, {"boxes": "["}, {"boxes": " " * 200_001})


@pytest.mark.parametrize("fields", NO_NUMBERS)
def test_refuses_numbers_and_texts_that_are_none(fields):
    data = module([BOX])
    data.update(fields)
    for name, value in fields.items():
        data[name] = value
    with pytest.raises(BadRequest):
        said.by_module(data)


def test_takes_the_list_as_filled_in_where_no_module_has_written():
    told = said.by_form(posted(**{f"state-{FOUND}": "show", f"state-{DRAWN}": "cover"}), SHEET)
    assert {box.id: box.state for box in told.boxes} == {FOUND: Decision.SHOW, DRAWN: Decision.COVER}
    with pytest.raises(BadRequest):
        said.by_form(posted(**{f"state-{FOUND}": "maybe"}), SHEET)


def test_leaves_undecided_what_nobody_has_said_until_all_is_covered():
    assert Decision.UNDECIDED in {box.state for box in said.by_form(posted(), SHEET).boxes}
    covered = said.by_form(posted(cover="all", **{f"state-{DRAWN}": "show"}), SHEET)
    assert [box.state for box in covered.boxes] == [Decision.COVER, Decision.SHOW]


def test_adds_a_box_by_numbers_in_the_photo_as_it_is_seen():
    numbers = {f"left-{OWN}": "10", f"top-{OWN}": "20", f"wide-{OWN}": "30", f"high-{OWN}": "40"}
    told = said.by_form(posted(add=str(OWN), **numbers), SHEET)
    assert told.boxes[-1].box == Box(0.1, 0.2, 0.3, 0.4)
    assert told.boxes[-1].state == Decision.COVER
    turned = said.by_form(posted(add=str(OWN), **(numbers | {f"turn-{OWN}": "1"})), SHEET)
    box = turned.boxes[-1].box
    assert (box.x, box.y, box.w, box.h) == pytest.approx((0.2, 0.6, 0.4, 0.3))


@pytest.mark.parametrize("left", ["", "x", "101", "nan"])
def test_says_that_a_box_by_numbers_is_none_and_keeps_the_rest(left):
    numbers = {f"left-{OWN}": left, f"top-{OWN}": "20", f"wide-{OWN}": "30", f"high-{OWN}": "40"}
    told = said.by_form(posted(add=str(OWN), **numbers, **{f"state-{FOUND}": "cover"}), SHEET)
    assert told.no_such_box
    assert next(box.state for box in told.boxes if box.id == FOUND) == Decision.COVER
    assert len(told.boxes) == len(SHEET.areas)


@pytest.mark.parametrize("pressed", [{"save": "copies"}, {"cover": "all"}, {"go": "2"}, {"turn_photo": str(OWN)}])
def test_a_box_whose_numbers_were_filled_in_is_added_by_whichever_button_was_pressed(pressed):
    numbers = {f"left-{OWN}": "10", f"top-{OWN}": "20", f"wide-{OWN}": "30", f"high-{OWN}": "40"}
    told = said.by_form(posted(**pressed, **numbers), SHEET)
    assert (told.boxes[-1].box, told.boxes[-1].state) == (Box(0.1, 0.2, 0.3, 0.4), Decision.COVER)
    assert said.by_form(posted(**pressed, **(numbers | {f"wide-{OWN}": ""})), SHEET).no_such_box


def test_a_box_that_was_drawn_while_somebody_else_was_quicker_is_not_lost_without_the_module():
    mine = said.by_form(posted(**{f"{side}-{OWN}": "20" for side in said.SIDES}), SHEET)
    shown = SHEET.as_said(mine.boxes, turn=0)
    own = str(mine.boxes[-1].id)
    again = said.by_form(posted(**{f"unkept-{OWN}": shown.unkept, f"state-{own}": "cover"}), SHEET)
    assert [(str(box.id), box.box, box.state) for box in again.boxes][2:] == [(own, mine.boxes[-1].box, Decision.COVER)]
    assert len(said.by_form(posted(remove=own, **{f"unkept-{OWN}": shown.unkept}), SHEET).boxes) == len(SHEET.areas)


def test_removes_only_what_a_person_drew():
    for own, left in ((FOUND, {FOUND, DRAWN}), (DRAWN, {FOUND})):
        assert {box.id for box in said.by_form(posted(remove=str(own)), SHEET).boxes} == left


def test_turns_a_photo_by_a_quarter():
    assert said.by_form(posted(turn_photo=str(OWN), **{f"turn-{OWN}": "3"}), SHEET).turn == 0


def test_says_whether_there_is_anything_to_keep():
    same = {f"state-{FOUND}": "undecided", f"state-{DRAWN}": "cover"}
    assert not said.by_form(posted(**same), SHEET).differs(SHEET)
    assert said.by_form(posted(**(same | {f"state-{FOUND}": "cover"})), SHEET).differs(SHEET)
    assert said.by_form(posted(turn_photo=str(OWN), **same), SHEET).differs(SHEET)


def test_takes_the_urgent_line_for_itself_and_the_four_together():
    four = QueryDict("looked_for=marks&looked_for=worn&looked_for=around&looked_for=face")
    assert said.ticked(four).statements == OWED[Checklist.FULL]
    urgent = QueryDict("looked_for=marks&urgent=nothing_else")
    assert (said.ticked(urgent).kind, said.ticked(urgent).statements) == (Checklist.URGENT, frozenset({Statement.NOTHING_ELSE}))
    assert said.ticked(QueryDict("looked_for=everything")).statements == frozenset()


def test_shows_a_persons_own_boxes_over_what_is_kept():
    new = uuid4()
    told = said.by_module(module([BOX, BOX | {"id": str(new), "x": 0.5, "state": "cover"}]))
    mine = SHEET.as_said(told.boxes, turn=told.turn)
    assert [(one.number, one.drawn, one.state) for one in mine.areas] == [(1, False, "cover"), (3, True, "cover")]
    assert mine.turn == 1
