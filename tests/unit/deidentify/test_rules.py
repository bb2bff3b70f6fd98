"""Rules of covered copies that ask nothing but values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.deidentify import rules
from safelight.deidentify.boxes import Box, share_in
from safelight.deidentify.lifecycle import COVERED_COPY, CopyMove, CopyState
from safelight.deidentify.models import Checklist
from safelight.deidentify.said import OWED, Said, Statement
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.photographs.models import Photograph
from safelight.photographs.pictures import Kind as FileKind

SIDE = st.floats(0.01, 0.5)
PLACE = st.floats(0, 0.5)
BOXES = st.builds(Box, PLACE, PLACE, SIDE, SIDE)


@given(BOXES, st.integers(0, 7))
def test_four_quarter_turns_bring_a_box_back(box, quarters):
    turned = rules.turned(rules.turned(box, quarters), -quarters % 4)
    assert (turned.x, turned.y, turned.w, turned.h) == pytest.approx((box.x, box.y, box.w, box.h), abs=1e-9)


def test_a_quarter_turn_clockwise_takes_the_upper_left_to_the_upper_right():
    box = rules.turned(Box(0, 0, 0.25, 0.125), 1)
    assert (box.x, box.y, box.w, box.h) == (0.875, 0, 0.125, 0.25)


@given(BOXES)
def test_a_box_is_at_its_own_place_and_within_itself(box):
    assert rules.same_place(box, box)
    assert rules.within(box, box)


@given(BOXES, st.floats(0.1, 0.9))
def test_a_box_lies_wholly_in_the_parts_that_it_is_cut_into(box, share):
    cut = box.w * share
    parts = [Box(box.x, box.y, cut, box.h), Box(box.x + cut, box.y, box.w - cut, box.h)]
    assert share_in(box, parts) == pytest.approx(1)
    assert share_in(box, parts[:1]) == pytest.approx(share)
    assert share_in(box, [*parts, box, *parts]) == pytest.approx(1)
    assert share_in(box, []) == 0


@pytest.mark.parametrize(
    ("areas", "shown", "left"),
    [
        ([Box(0.1, 0.1, 0.2, 0.1), Box(0.3, 0.1, 0.2, 0.1)], [], False),
        ([Box(0.1, 0.1, 0.2, 0.1)], [Box(0.3, 0.1, 0.2, 0.1)], False),
        ([Box(0.1, 0.1, 0.1, 0.1), Box(0.4, 0.1, 0.1, 0.1)], [], True),  # what stands between two black areas
        ([Box(0.1, 0.1, 0.4, 0.05)], [], True),  # the lower half of a line
        ([], [Box(0.1, 0.1, 0.2, 0.1)], True),  # half of it was shown on purpose
        ([], [], True),
    ],
)
def test_what_black_areas_and_shown_ones_make_up_together_is_not_there_any_more(areas, shown, left):
    assert rules.still_there(Box(0.1, 0.1, 0.4, 0.1), areas=areas, shown=shown) is left


@pytest.mark.parametrize(
    ("other", "same", "inside"),
    [
        (Box(0.1, 0.1, 0.2, 0.2), True, True),
        (Box(0.12, 0.1, 0.2, 0.2), True, True),
        (Box(0.2, 0.2, 0.2, 0.2), False, False),
        (Box(0.5, 0.5, 0.2, 0.2), False, False),
        (Box(0, 0, 1, 1), False, True),
        (Box(0.1, 0.1, 0.02, 0.02), False, False),
    ],
)
def test_two_boxes_are_of_one_thing_where_they_share_most_of_it(other, same, inside):
    box = Box(0.1, 0.1, 0.2, 0.2)
    assert rules.same_place(box, other) is same
    assert rules.within(box, other) is inside


def test_metadata_has_no_place_that_a_box_could_share():
    assert rules.same_place(None, None)
    assert not rules.same_place(None, Box(0, 0, 1, 1))


def test_a_checklist_takes_every_statement_of_its_kind_and_no_other():
    full = OWED[Checklist.FULL]
    assert rules.signed(Said(kind=Checklist.FULL, statements=full), urgent_allowed=False)
    assert not rules.signed(Said(kind=Checklist.FULL, statements=full | {Statement.NOTHING_ELSE}), urgent_allowed=True)
    assert not rules.signed(Said(kind=Checklist.URGENT, statements=full), urgent_allowed=True)
    assert all(statement.words for statement in Statement)


@pytest.mark.parametrize("state", CopyState)
@pytest.mark.parametrize("move", CopyMove)
def test_a_draft_alone_is_approved_or_rejected(state, move):
    if state is CopyState.DRAFT:
        assert COVERED_COPY.after(state, move) == {CopyMove.APPROVE: CopyState.APPROVED, CopyMove.REJECT: CopyState.REJECTED}[move]
    else:
        with pytest.raises(NotPossibleNow):
            COVERED_COPY.after(state, move)


def test_a_raw_files_kind_is_in_its_first_bytes_and_every_others_in_the_record():
    raw, jpeg = Photograph(kind="raw"), Photograph(kind="jpeg")
    assert rules.file_kind(jpeg, b"\xff\xd8\xff") == FileKind.JPEG
    assert rules.file_kind(raw, b"FUJIFILMCCD-RAW " + bytes(48)) == FileKind.RAF
    assert rules.file_kind(raw, b"II*\0" + bytes(60)).raw
