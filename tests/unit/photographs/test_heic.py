"""HEIC: upright once, the primary picture alone, its slate read, and nothing that a header claims is believed."""

from io import BytesIO

import pytest
from PIL import Image
from tests.factories.heic import SLATE, heic
from tests.factories.pictures import BODY, TAKEN
from tests.unit.photographs.test_examine import BLUE, GREEN, RED, UPRIGHT, WHITE, alike, corners, quartered

from safelight.photographs import pictures
from safelight.photographs.pictures import Kind, Picture, Reason, drawn

pytestmark = pytest.mark.requirement("D9")


def examine(data: bytes) -> Picture:
    return pictures.examine(data, kind=Kind.HEIC, slate_expected=False)


def note(orientation: int = 1) -> bytes:
    """The TIFF block of a camera's EXIF."""
    jpeg = drawn.jpeg(quartered(), BODY, TAKEN, orientation=orientation)
    start = jpeg.index(b"Exif\0\0")
    return jpeg[start + 6 : start + int.from_bytes(jpeg[start - 2 : start], "big") - 2]


def test_is_drawn():
    picture = examine(heic("quartered"))
    assert (picture.width, picture.height) == (96, 64)
    assert alike(corners(picture.preview), UPRIGHT)
    assert Image.open(BytesIO(picture.thumb)).size == (96, 64)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_is_turned_as_the_file_says_and_never_again_by_exif(orientation):
    picture = examine(heic("quartered", turns=1, exif=note(orientation)))
    assert (picture.width, picture.height) == (64, 96)
    assert alike(corners(picture.preview), [GREEN, WHITE, RED, BLUE])
    assert picture.camera.orientation == orientation
    assert (picture.camera.make, picture.camera.serial) == (BODY.make, BODY.serial)


@pytest.mark.parametrize(("names", "primary"), [(("red", "quartered"), 1), (("quartered", "red"), 0)])
def test_of_several_pictures_the_primary_one_is_shown(names, primary):
    picture = examine(heic(*names, primary=primary))
    assert (picture.width, picture.height) == (96, 64)
    assert alike(corners(picture.preview), UPRIGHT)


def test_a_depth_map_is_no_photo():
    picture = examine(heic("quartered", depth="red"))
    assert alike(corners(picture.preview), UPRIGHT)


def test_its_slate_is_read():
    assert examine(heic("slate")).slates == (SLATE,)


@pytest.mark.goal("S7")
def test_its_preview_carries_no_metadata():
    picture = examine(heic("quartered", exif=note()))
    for rendition in (picture.preview, picture.thumb):
        assert b"Exif" not in rendition
        assert BODY.serial.encode() not in rendition


@pytest.mark.parametrize(("size", "reason"), [((30_000, 30_000), Reason.TOO_MANY_PIXELS), ((40, 30), Reason.DAMAGED)])
def test_a_size_that_is_not_so_is_refused(size, reason):
    assert examine(heic("quartered", size=size)).refusal is reason


def test_one_that_is_cut_short_is_refused():
    whole = heic("slate")
    assert examine(whole[: len(whole) // 2]).refusal is Reason.DAMAGED


def test_too_many_pictures_in_one_file_are_refused():
    assert examine(heic(*["red"] * 300)).refusal is Reason.TOO_MANY_PIXELS
