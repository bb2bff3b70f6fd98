"""The look at a covered copy: black areas are no print, and what stands beside, between or half under them is found as before."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from tests.factories.labelled import LINES, labelled, stored

from safelight.deidentify.adapters.filled import without_edges
from safelight.deidentify.adapters.text import Text
from safelight.deidentify.boxes import Box, Found
from safelight.deidentify.covering import cover
from safelight.deidentify.finders import upright
from safelight.deidentify.rules import still_there, within
from safelight.photographs.pictures import Kind, drawn
from safelight.photographs.pictures.drawn import Lesion, Subject, Tone, View

pytestmark = [pytest.mark.slow, pytest.mark.requirement("F1"), pytest.mark.xdist_group("finders")]
RULER = Subject(seed=11, tone=Tone.LIGHT, lesion=Lesion.BURN)


@pytest.fixture(scope="module")
def text():
    return Text()


@pytest.fixture(scope="module")
def ruler():
    """A close-up with a ruler in it, and the places of what is printed there."""
    written = BytesIO()
    drawn.photograph(RULER, View.CLOSE_UP, size=(1200, 800)).save(written, "JPEG", quality=92)
    return written.getvalue()


@pytest.fixture(scope="module")
def label(text):
    """A label, its file, and the places of its lines."""
    photo = labelled(size=(1200, 900), font=36)
    data = stored(photo.shown)
    lines = [found.box for found in _read(text, data) if found.text.replace(" ", "") in {line.replace(" ", "") for line in LINES}]
    assert len(lines) == len(LINES)
    return photo, data, sorted(lines, key=lambda box: box.y)


def _read(text: Text, data: bytes, covered: tuple[Box, ...] = ()) -> list[Found]:
    return [found for step in text.look(upright.opened(data, Kind.JPEG, covered)) for found in step]


def _left(text: Text, data: bytes, areas: tuple[Box, ...], *, told: bool = True) -> list[Found]:
    """What is still put to a person when these areas of a photo are covered."""
    copy = cover(data, areas, kind=Kind.JPEG).data
    return [found for found in _read(text, copy, areas if told else ()) if still_there(found.box, areas=areas, shown=[])]


def _printed(data: bytes, words: str, place: tuple[int, int]) -> bytes:
    with Image.open(BytesIO(data)) as picture:
        ImageDraw.Draw(picture).text(place, words, (20, 20, 30), ImageFont.load_default(36))
        written = BytesIO()
        picture.save(written, "JPEG", quality=92)
    return written.getvalue()


def test_black_areas_in_a_row_are_no_print_and_a_name_beside_them_is(text, ruler):
    areas = tuple(found.box for found in _read(text, ruler) if found.box)
    assert len(areas) > 5
    assert _left(text, ruler, areas, told=False)  # the networks do read the edges
    assert not _left(text, ruler, areas)
    first = min(areas, key=lambda box: box.x)
    beside = (round(1200 * first.x) - 150, round(800 * first.y))
    assert "OKORO" in "".join(found.text for found in _left(text, _printed(ruler, "OKORO", beside), areas))


@pytest.mark.parametrize("kept", ["left half", "both ends", "the other lines"])
def test_what_stands_beside_a_black_area_is_found(text, label, kept):
    photo, data, lines = label
    areas = {
        "left half": [Box(line.x + line.w / 2, line.y, line.w / 2, line.h) for line in lines],
        "both ends": [Box(line.x + line.w * 0.4, line.y, line.w * 0.2, line.h) for line in lines],
        "the other lines": [Box.of_pixels(*photo.label[:3], (lines[0].y + lines[0].h) * 900, *photo.shown.size)],
    }[kept]
    left = _left(text, data, tuple(areas))
    for line in lines[1:] if kept == "the other lines" else lines:
        assert any(within(found.box, line) or within(line, found.box, share=0.3) for found in left)


def test_nothing_outside_the_black_areas_is_changed():
    noise = np.random.default_rng(4).integers(0, 256, (300, 200, 3)).astype(np.uint8)
    photo = upright.reduced(noise, (Box(0.1, 0.1, 0.3, 0.3), Box(0.6, 0.8, 0.4, 0.2)))
    filled = without_edges(photo).whole
    changed = np.argwhere((filled != noise).any(axis=2)) / (300, 200)
    inside = [(0.1, 0.1, 0.4, 0.4), (0.8, 0.6, 1.0, 1.0)]  # top, left, bottom, right
    slack = 4 / 200
    assert len(changed) > 4000
    for y, x in changed:
        assert any(t - slack <= y <= b + slack and left - slack <= x <= right + slack for t, left, b, right in inside)
    assert without_edges(upright.reduced(noise)).whole is noise


def test_a_picture_that_is_black_all_over_is_filled_with_something():
    whole = upright.reduced(np.zeros((40, 30, 3), np.uint8), (Box(0, 0, 1, 1),))
    assert without_edges(whole).whole.shape == (40, 30, 3)


@pytest.mark.parametrize("orientation", [1, 6])
def test_areas_are_known_as_they_are_black_whatever_way_the_camera_was_held(orientation):
    photo = labelled(size=(600, 450), font=20)
    area = Box(0.31, 0.17, 0.2, 0.1)
    made = cover(stored(photo.shown, orientation), (area,), kind=Kind.JPEG)
    [grown] = upright.opened(made.data, Kind.JPEG, (area,)).covered
    assert grown.pixels(made.width, made.height) == made.boxes[0].pixels(made.width, made.height)
