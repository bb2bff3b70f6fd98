"""Print that lies on its side or at a slant: it is read upright, and the boxes are where the print is."""

import itertools

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from rapidocr.utils.process_img import get_rotate_crop_image

from safelight.deidentify.adapters import lines, text
from safelight.deidentify.adapters.lines import Line
from safelight.deidentify.finders import upright

SHARES = (0.1, 0.05, 0.18, 0.09)
UPRIGHT = np.array([[0.3, 0.48], [0.7, 0.48], [0.7, 0.52], [0.3, 0.52]], np.float32)


def _line(place, text, certainty=0.9):
    left, top, right, bottom = place
    return Line(np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32), text, certainty)


def _slanted(corners, degrees):
    way = cv2.getRotationMatrix2D((0.5, 0.5), degrees, 1.0)
    return np.asarray(cv2.transform(corners[None], way)[0], np.float32)


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_line_goes_back_to_where_it_was_before_the_picture_was_turned(turns):
    shown = np.zeros((500, 1000), np.uint8)
    shown[25:45, 100:180] = 1
    turned = np.rot90(shown, turns)
    there = np.argwhere(turned)
    (top, left), (bottom, right) = there.min(axis=0), there.max(axis=0) + 1
    high, wide = turned.shape
    line = _line((left / wide, top / high, right / wide, bottom / high), "NHS")
    assert lines.turned_back(line, turns).place == pytest.approx(SHARES)


def test_what_was_seen_before_alone_or_read_better_stays():
    before = [_line((0.1, 0.1, 0.2, 0.4), "WARD 7"), _line((0.6, 0.1, 0.7, 0.4), "BED 4")]
    turned = [_line((0.1, 0.1, 0.2, 0.4), "WA"), _line((0.1, 0.6, 0.2, 0.9), "SAMPLE")]
    assert {line.text for line in lines.better(turned, before)} == {"WARD 7", "BED 4", "SAMPLE"}
    assert {line.text for line in lines.better(before, turned)} == {"WARD 7", "BED 4", "SAMPLE"}


def _upright(wide, high):
    return np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)


@pytest.mark.parametrize(
    ("sizes", "stands"),
    [
        ([(20, 80)], True),
        ([(80, 20)], False),
        ([(20, 80), (955, 1279)], True),
        ([(80, 20), (12, 20), (12, 20)], False),
        ([(955, 1279)], False),
        ([], False),
    ],
    ids=["on end", "lying", "beside what has no way", "over digits, which are higher than wide", "no way", "nothing"],
)
@pytest.mark.parametrize("degrees", [0, 30, -30])
def test_print_that_stands_on_end_is_known_by_its_shape_at_any_slant(sizes, stands, degrees):
    assert lines.most_on_end([_slanted(_upright(wide, high), degrees) for wide, high in sizes]) is stands


def test_what_the_turned_picture_shows_about_as_well_stands_as_it_shows_it():
    row = _line((0.1, 0.1, 0.9, 0.2), "Ward 7, bed 4, by day", 0.99)
    pieces = [_line((0.1, 0.1, 0.64, 0.2), "Ward 7, bed 4,", 0.98), _line((0.67, 0.1, 0.9, 0.2), "by day", 0.98)]
    assert [line.text for line in lines.better(pieces, [row])] == ["Ward 7, bed 4,", "by day"]
    assert [line.text for line in lines.better(pieces[:1], [row])] == [row.text]
    upside_down, number = _line((0.1, 0.1, 0.2, 0.15), "0800", 0.995), _line((0.1, 0.1, 0.2, 0.15), "0080", 0.99)
    assert [line.text for line in lines.better([number], [upside_down])] == ["0080"]


@pytest.mark.requirement("F1")
@pytest.mark.parametrize("degrees", [0, 20, 45, 72, -60, 150])
def test_a_short_line_under_a_long_one_is_kept_at_any_slant(degrees):
    number = Line(_slanted(UPRIGHT, degrees), "NHS No: 999 346 8731", 0.99)
    born = Line(_slanted(UPRIGHT * (0.6, 1) + np.array((0.2, 0.06)), degrees), "DOB: 04/05/1972", 0.98)
    assert [line.text for line in lines.new([born, number], [])] == [number.text, born.text]
    assert [line.text for line in lines.new([born], [number])] == [born.text]


@pytest.mark.parametrize("degrees", [0, 20, 45, 72, -60, 150])
def test_a_part_of_a_line_that_was_read_adds_nothing_at_any_slant(degrees):
    whole = Line(_slanted(UPRIGHT, degrees), "NHS No: 999 346 8731", 0.99)
    part = Line(_slanted(UPRIGHT * (0.5, 1) + np.array((0.2, 0)), degrees), "999 346", 0.99)
    assert lines.new([part, whole], []) == [whole]
    assert lines.new([part], [whole]) == []


def test_closer_pixels_are_believed_where_they_are_read_as_well():
    [found] = lines.new([Line(UPRIGHT, "DOB: 18/06/1940", 0.975)], [Line(UPRIGHT + np.float32(0.001), "0761/90/8L :80G", 0.977)])
    assert found.text == "DOB: 18/06/1940"
    assert found.corners == pytest.approx(UPRIGHT + 0.001)
    assert lines.new([Line(UPRIGHT, "DOB 18/06", 0.975)], [Line(UPRIGHT, "DOB: 18/06/1940", 0.977)]) == []


@pytest.mark.parametrize("degrees", [0, 30, 45, 90, 123])
def test_what_two_places_share_does_not_depend_on_how_they_lie(degrees):
    other = UPRIGHT + np.array((0.1, 0.01), np.float32)
    one, other = _slanted(UPRIGHT, degrees), _slanted(other, degrees)
    assert lines.share(one, other) == pytest.approx(0.75 * 0.75, abs=1e-4)
    assert lines.overlap(one, other) == pytest.approx(0.5625 / (2 - 0.5625), abs=1e-4)
    assert lines.overlap(one, one) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("degrees", [0, 45, 110])
def test_a_line_grows_along_its_own_sides(degrees):
    larger = lines.grown(_slanted(UPRIGHT, degrees), 0.01)
    wide, tall = np.linalg.norm(larger[1] - larger[0]), np.linalg.norm(larger[2] - larger[1])
    assert (wide, tall) == pytest.approx((0.42, 0.06), abs=1e-4)


@pytest.mark.parametrize("degrees", [0, 30, 66, -120])
def test_a_line_cut_by_the_edges_of_tiles_is_seen_as_a_whole(degrees):
    there = _slanted(UPRIGHT, degrees)
    left = _slanted(UPRIGHT * (0.5, 1) + np.array((0.15, 0)), degrees)
    right = _slanted(UPRIGHT * (0.6, 1) + np.array((0.28, 0)), degrees)
    below = _slanted(UPRIGHT * (0.6, 1) + np.array((0.28, 0.06)), degrees)
    [whole] = lines.joined([(0, left), (1, right), (1, below)])
    assert lines.overlap(whole, there) == pytest.approx(1, abs=1e-3)


def test_lines_of_one_tile_and_lines_that_are_seen_as_a_whole_are_not_joined():
    left, right = UPRIGHT * (0.5, 1) + np.array((0.15, 0)), UPRIGHT * (0.5, 1) + np.array((0.35, 0))
    assert lines.joined([(0, left), (0, right)]) == []
    assert lines.joined([(0, UPRIGHT), (1, left)]) == []
    assert lines.joined([(0, left), (1, right + np.array((0.3, 0)))]) == []


@pytest.mark.parametrize("length", [1024, 1200, 1440, 1707, 1920, 2560])
def test_tiles_cover_a_side_and_share_what_a_line_is_high(length):
    begins, side = text._spread(length)
    assert (begins[0], begins[-1] + side) == (0, length)
    assert all(begin + side - after >= min(123, side // 2) for begin, after in itertools.pairwise(begins))
    assert side <= 1024


@pytest.mark.parametrize("size", [(200, 40), (40, 200), (50, 60)])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_line_is_known_from_where_its_reading_begins(size, turns):
    wide, high = size
    place = np.array([[30, 20], [30 + wide, 20], [30 + wide, 20 + high], [30, 20 + high]], np.float32)
    begins, ends, *_ = lines.begun_at(place, turns)
    picture = np.zeros((300, 300), np.uint8)
    for corner, shade in ((begins, 100), (ends, 200)):
        across, along = (int(min(max(value, low + 10), high - 11)) for value, low, high in zip(corner, place[0], place[2], strict=True))
        picture[along - 10 : along + 11, across - 10 : across + 11] = shade
    cut = np.rot90(get_rotate_crop_image(picture, place), turns)
    assert (cut[5, 5], cut[5, -6]) == (100, 200)


@pytest.mark.requirement("F1")
@pytest.mark.parametrize("degrees", [0, 20, 90, 170, -60])
def test_a_number_that_stands_on_its_head_is_outvoted_by_the_letters_round_it(degrees):
    upright, below = _slanted(UPRIGHT, degrees), _slanted(UPRIGHT + np.array((0, 0.06), np.float32), degrees)
    number = Line(np.roll(below, 2, axis=0), "0800", 0.99)
    name = Line(upright, "WARD", 0.98)
    assert lines.balance(number, [name]) < -1
    assert lines.balance(name, [number]) > 1
    assert lines.balance(Line(below, "0080", 0.99), [name]) > 1


def test_print_that_lies_otherwise_or_is_read_badly_has_no_say():
    name, number = Line(UPRIGHT, "WARD", 0.98), Line(np.roll(UPRIGHT, 2, axis=0), "0800", 0.99)
    assert lines.balance(number, [Line(_slanted(UPRIGHT, 40), "WARD", 0.98)]) == lines.balance(number, [])
    assert lines.balance(number, [Line(UPRIGHT, "OyVM", 0.7)]) == lines.balance(number, [])
    assert 0 < lines.balance(number, []) < 1
    assert lines.balance(number, [Line(UPRIGHT, "6", 0.99)] * 9) > lines.balance(number, [name])


@pytest.mark.slow
@pytest.mark.requirement("F1")
@pytest.mark.xdist_group("finders")
def test_numbers_on_a_label_that_stands_on_its_head_are_read_as_its_letters_stand():
    printed = ("Ward 6, Adeyemi", "8600", "8906900", "0098", "9609 0690")
    photo = Image.new("RGB", (640, 480), (205, 170, 150))
    drawing = ImageDraw.Draw(photo)
    drawing.rectangle((180, 132, 460, 348), fill=(240, 243, 240))
    for row, words in enumerate(printed):
        drawing.text((200, 150 + 36 * row), words, (35, 30, 25), ImageFont.load_default(18))
    slanted = photo.rotate(160, Image.Resampling.BICUBIC, fillcolor=(205, 170, 150)).filter(ImageFilter.GaussianBlur(0.8))
    read = {found.text.replace(" ", "") for step in text.Text().look(upright.reduced(np.asarray(slanted))) for found in step}
    assert {words.replace(" ", "") for words in printed} <= read
