"""Which photos a page of a set shows, where it leads, and its words."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.http import QueryDict
from tests.unit.deidentify.web.test_said import SHEET, area

from safelight.deidentify.web.page import Page, Wanted, local, to_decide
from safelight.kernel.errors import NotFound

ONE, TWO, THREE = (UUID(int=number) for number in (11, 12, 13))


def wanted(*photos: UUID, at: str = "1", after: str = "") -> Wanted:
    return Wanted.of(QueryDict(f"photos={','.join(map(str, photos))}&at={at}&next={after}"))


def page(*photos: UUID, **sheet: object) -> Page:
    return Page(wanted=wanted(*photos), sheets=(replace(SHEET, **sheet),), covered=frozenset())


@pytest.mark.parametrize("photos", ["", "x", ",", ",".join(str(UUID(int=number)) for number in range(21))])
def test_finds_nothing_where_the_address_names_no_set(photos):
    with pytest.raises(NotFound):
        Wanted.of(QueryDict(f"photos={photos}"))


def test_two_photos_stand_side_by_side_and_are_signed_there():
    two = wanted(ONE, TWO, ONE)
    assert two.shown == {1: ONE, 2: TWO}
    assert two.signs
    assert page(ONE, TWO).save == "Save both"


def test_more_come_one_after_the_other_and_are_signed_at_the_last():
    assert [wanted(ONE, TWO, THREE, at=at).shown for at in ("1", "2", "3", "9", "x")] == [
        {1: ONE},
        {2: TWO},
        {3: THREE},
        {3: THREE},
        {1: ONE},
    ]
    assert [wanted(ONE, TWO, THREE, at=at).signs for at in ("1", "2", "3")] == [False, False, True]
    assert [step.current for step in page(ONE, TWO, THREE).steps] == [True, False, False]
    assert page(ONE, TWO, THREE).which == "Photo 1 of 3."


def test_leads_on_to_paths_of_this_site_alone():
    assert local("/ask/?photos=1") == "/ask/?photos=1"
    for address in ("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere", "ask/", "/" + "a" * 600, "/a\nb"):
        assert local(address) == ""


def test_an_address_holds_the_whole_set():
    two = wanted(ONE, TWO, after="/ask/?photos=1")
    assert Wanted.of(QueryDict(two.address().partition("?")[2])) == two
    assert two.without(ONE).photos == (TWO,)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [((2,), "1 area still to decide: 2"), ((1, 3), "2 areas still to decide: 1 and 3"), ((1, 2, 5), "3 areas still to decide: 1, 2 and 5")],
)
def test_says_which_areas_are_still_to_decide(numbers, words):
    assert to_decide(numbers) == words


def test_says_what_the_computer_has_found_and_never_nothing_where_it_could_not_look():
    assert page(ONE).heading == "The computer found 1 area"
    assert page(ONE, looking="Still looking").heading == "Found 1 area so far"
    assert page(ONE, areas=()).heading == "The computer found nothing. Look yourself."
    assert page(ONE, areas=(), looking="Still looking").heading == "The computer is looking"
    assert page(ONE, areas=(), failed=True).heading == "Not checked by the computer"


def test_draws_numbered_boxes_in_the_photo_as_it_is_turned():
    sheet = replace(SHEET, turn=1, areas=(area(ONE, 7),))
    [still] = sheet.still
    assert (sheet.seen_width, sheet.seen_height) == (400, 600)
    assert (still.number, round(still.x), round(still.y), round(still.w), round(still.h)) == (7, 160, 60, 160, 180)
    assert sheet.transform == "translate(400 0) rotate(90)"
