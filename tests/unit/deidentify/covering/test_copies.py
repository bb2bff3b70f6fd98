"""Copies of other formats, of JPEGs with faults, of RAW files; and what all have in common."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from tests.factories.coded import CODED, grainy, shown, turned
from tests.factories.heic import heic
from tests.factories.pictures import BODY, TAKEN, photo, saved, scene
from tests.factories.sensor import dng

from safelight.deidentify import covering
from safelight.deidentify.boxes import Box
from safelight.deidentify.covering import How, Why
from safelight.deidentify.covering.asking import coverers
from safelight.deidentify.covering.framing import Request, Task
from safelight.photographs.pictures import Kind, drawn, examine

pytestmark = pytest.mark.requirement("F4")

BOX = Box(0.25, 0.25, 0.5, 0.25)
NEAR = 8  # what quality 95 may change of smooth colours


def _black_in_the_box_and_near_elsewhere(copy: covering.Covered, before: Image.Image, near: float = NEAR) -> None:
    seen, was = np.asarray(shown(copy.data)).astype(int), np.asarray(before.convert("RGB")).astype(int)
    assert seen.shape == was.shape
    x0, y0, x1, y1 = BOX.pixels(copy.width, copy.height)
    assert seen[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1].max() <= 6
    outside = np.ones(seen.shape[:2], bool)
    outside[max(0, y0 - 9) : y1 + 9, max(0, x0 - 9) : x1 + 9] = False
    assert np.abs(seen - was)[outside].mean() <= near


@pytest.mark.parametrize("form", ["PNG", "TIFF"])
@pytest.mark.parametrize("turn", [0, 1])
def test_covers_what_is_no_jpeg_from_its_pixels(form, turn):
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = scene(4, (240, 160))
    copy = covering.cover(saved(picture, form, exif=exif), [BOX], turn=turn)
    assert copy.how is How.REENCODED
    upright = picture.transpose(Image.Transpose.ROTATE_270)
    _black_in_the_box_and_near_elsewhere(copy, upright.transpose(Image.Transpose.ROTATE_270) if turn else upright)
    assert b"Exif" not in copy.data


@pytest.mark.slow
def test_the_largest_cameras_photo_fits_behind_the_walls_whatever_libraries_lie_there():
    """45 MP, covered from its pixels and drawn."""
    picture = drawn.photograph(drawn.Subject(seed=5), drawn.View.CLOSE_UP, size=(8256, 5504))
    data = saved(picture, "PNG", compress_level=1)
    request = Request(task=Task.COVER, length=len(data), kind=Kind.PNG, boxes=((BOX.x, BOX.y, BOX.w, BOX.h),), lossless=False)
    note, made = coverers().copy(data, request)
    assert (note.width, note.height) == shown(made).size == picture.size
    assert examine(data, kind=Kind.PNG, slate_expected=True).refusal is None


MODES = {"L": 128, "1": 1, "P": 7, "RGBA": (200, 100, 50, 255), "LA": (9, 255), "I;16": 900, "CMYK": (9, 9, 9, 9)}


@pytest.mark.parametrize(("mode", "values"), MODES.items())
def test_covers_every_mode_of_pixels(mode, values):
    form = "TIFF" if mode == "CMYK" else "PNG"
    copy = covering.cover(saved(Image.new(mode, (80, 60), values), form), [BOX])
    assert (copy.width, copy.height) == (80, 60)
    assert np.asarray(shown(copy.data))[20:28, 25:55].max() <= 6


def test_covers_heic_as_it_is_seen():
    for turns in (0, 1):
        data = heic("quartered", turns=turns)
        preview = examine(data, kind=Kind.HEIC, slate_expected=False)
        copy = covering.cover(data, [BOX])
        assert copy.how is How.REENCODED
        assert (copy.width, copy.height) == (preview.width, preview.height)
        _black_in_the_box_and_near_elsewhere(copy, Image.open(BytesIO(preview.preview)), near=12)


@pytest.mark.parametrize("ending", ["dng", "nef", "arw", "cr2"])
def test_covers_the_picture_that_a_raw_file_shows_and_never_its_bytes(ending):
    picture = scene(5, (1600, 1066))
    data = drawn.raw(picture, BODY, TAKEN, ending=ending, orientation=6)
    copy = covering.cover(data, [BOX], kind=Kind(ending))
    assert copy.how is How.REENCODED
    assert (copy.width, copy.height) == (1066, 1600)
    _black_in_the_box_and_near_elsewhere(copy, picture.transpose(Image.Transpose.ROTATE_270))
    inner = data[data.index(b"\xff\xd8\xff") :][:4000]
    assert inner[2000:2100] not in copy.data


SENSOR = np.full((600, 800), 9000, np.uint16)


@pytest.mark.parametrize(
    ("behind", "size"),
    [
        (None, (800, 600)),
        ((400, 300), (800, 600)),  # a small picture of the same shape: the sensor has more
        ((400, 200), (400, 200)),  # of another shape: boxes were drawn on this one
        ((1600, 1200), (1600, 1200)),
    ],
    ids=["none", "small", "of another shape", "large"],
)
def test_develops_a_raw_file_only_where_it_shows_no_picture_to_draw_on(behind, size):
    picture = saved(scene(6, behind), "JPEG") if behind else b""
    copy = covering.cover(dng(SENSOR, behind=picture), [BOX], kind=Kind.DNG)
    assert (copy.width, copy.height) == size
    assert copy.how is How.REENCODED


def test_a_raw_file_without_any_picture_is_refused_in_words():
    with pytest.raises(covering.CannotCover) as refusal:
        covering.cover(b"II*\0" + bytes(4000), [BOX], kind=Kind.NEF)
    assert refusal.value.reason is Why.NO_PICTURE_IN_RAW


def test_a_jpeg_with_bytes_between_its_segments_is_made_anew():
    plain = CODED["4:2:0"](grainy(160, 120))
    at = plain.index(b"\xff\xdb")
    copy = covering.cover(plain[:at] + bytes(40) + plain[at:], [BOX])
    assert copy.how is How.REENCODED


def test_a_jpeg_with_a_hole_in_it_is_not_called_unchanged():
    plain = photo(3)
    middle = len(plain) // 2
    for data in (plain[:middle] + bytes(200) + plain[middle + 200 :], plain[:middle] + b"\xff\xd0" + plain[middle:]):
        assert covering.cover(data, [BOX]).how is How.REENCODED


@pytest.mark.parametrize("share", [0.01, 0.3, 0.6, 0.99])
def test_a_jpeg_cut_short_is_refused(share):
    data = photo(3)
    with pytest.raises(covering.CannotCover) as refusal:
        covering.cover(data[: int(len(data) * share)], [BOX])
    assert refusal.value.reason is Why.DAMAGED


def test_twelve_bits_and_lossless_are_refused_as_such():
    plain = CODED["4:2:0"](grainy(64, 48))
    frame = plain.index(b"\xff\xc0")
    twelve = plain[: frame + 4] + b"\x0c" + plain[frame + 5 :]
    for data in (twelve, plain.replace(b"\xff\xc0", b"\xff\xc3"), plain.replace(b"\xff\xc0", b"\xff\xc7")):
        with pytest.raises(covering.CannotCover) as refusal:
            covering.cover(data, [])
        assert refusal.value.reason is Why.UNUSUAL


def test_tables_that_change_between_scans_are_copied_from_pixels():
    """libjpeg ends its process over such a file; the copy is made all the same, and the next one too."""
    plain = CODED["progressive"](grainy(64, 48))
    table, last = plain.index(b"\xff\xdb"), plain.rindex(b"\xff\xda")
    other = bytearray(plain[table : table + 69])
    other[10] ^= 1
    assert covering.cover(plain[:last] + bytes(other) + plain[last:], []).how is How.REENCODED
    assert covering.cover(plain, []).how is How.UNCHANGED


def test_says_how_large_it_is_and_which_boxes_it_covered():
    copy = covering.cover(turned(CODED["4:2:0"](grainy(100, 60)), 8), [BOX], turn=3)
    assert (copy.width, copy.height) == (100, 60)
    assert copy.media_type == "image/jpeg"
    (grown,) = copy.boxes
    assert grown.x <= BOX.x
    assert grown.y <= BOX.y
    assert grown.x + grown.w >= BOX.x + BOX.w
    assert grown.y + grown.h >= BOX.y + BOX.h


def test_turning_four_times_is_not_turning():
    data = turned(CODED["4:2:2"](grainy(70, 50)), 5)
    assert covering.cover(data, [BOX], turn=4) == covering.cover(data, [BOX]) == covering.cover(data, [BOX], turn=-4)
