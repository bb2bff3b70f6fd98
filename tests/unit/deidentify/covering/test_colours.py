"""The colours of a copy are those of the photo, by a profile of our own or by changed pixels; never by a byte of the file's profile."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms
from tests.factories import planted
from tests.factories.pictures import saved, scene

from safelight.deidentify import covering
from safelight.deidentify.boxes import Box
from safelight.deidentify.covering import How
from safelight.deidentify.covering.colour import Colours, colours
from safelight.deidentify.covering.profiles import PROFILES, Space

pytestmark = pytest.mark.requirement("F4")

CAMERAS_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _seen(data: bytes) -> np.ndarray:
    """The picture as a screen that knows profiles shows it."""
    picture = Image.open(BytesIO(data))
    profile = picture.info.get("icc_profile")
    if not profile:
        return np.asarray(picture.convert("RGB")).astype(int)
    return np.asarray(ImageCms.profileToProfile(picture, BytesIO(profile), BytesIO(PROFILES[Space.SRGB]), outputMode="RGB")).astype(int)


@pytest.mark.parametrize("space", Space)
def test_our_own_profiles_are_whole_and_small(space):
    profile = ImageCms.ImageCmsProfile(BytesIO(PROFILES[space]))
    assert ImageCms.getProfileDescription(profile).strip() == space.value
    assert ImageCms.isIntentSupported(profile, ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Direction.INPUT) == 1
    assert len(PROFILES[space]) < 500


@pytest.mark.parametrize("space", Space)
def test_knows_each_space_by_what_its_profile_does(space):
    renamed = PROFILES[space].replace(space.value.encode("utf-16-be"), b"\0x" * len(space.value))
    assert renamed != PROFILES[space]
    assert colours(renamed, "RGB", adobe_rgb=False) == Colours(space)


def test_knows_the_srgb_that_programs_write():
    assert colours(CAMERAS_SRGB, "RGB", adobe_rgb=False) == Colours(Space.SRGB)


def test_no_profile_is_srgb_and_the_cameras_word_is_adobe_rgb():
    assert colours(b"", "RGB", adobe_rgb=False) == Colours(None)
    assert colours(b"", "RGB", adobe_rgb=True) == Colours(Space.ADOBE_RGB)
    assert colours(b"", "L", adobe_rgb=True) == Colours(None)


@pytest.mark.parametrize("broken", [b"no profile", b"\0" * 200, PROFILES[Space.SRGB][:200]])
def test_a_broken_profile_is_left_aside(broken):
    assert colours(broken, "RGB", adobe_rgb=False) == Colours(None)


@pytest.mark.parametrize(("known", "how"), [(True, How.UNCHANGED), (False, How.REENCODED)])
def test_a_copy_shows_the_colours_of_the_photo(known, how):
    data = saved(scene(1), "JPEG", icc_profile=planted.profile(known=known), quality=95)
    copy = covering.cover(data, [Box(0, 0, 0.05, 0.05)])
    assert copy.how is how
    difference = np.abs(_seen(copy.data) - _seen(data))[200:]
    assert difference.mean() < (0.2 if known else 2.5)
    plain = np.abs(_seen(saved(scene(1), "JPEG", quality=95)) - _seen(data))
    assert plain.mean() > 5  # without a profile the colours would be others


def test_a_photo_in_adobe_rgb_by_the_word_of_its_camera_says_so_by_a_profile():
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA005] = {1: "R03"}
    interoperable = saved(scene(1), "JPEG", exif=exif)
    assert b"R03" in interoperable
    assert PROFILES[Space.ADOBE_RGB] in covering.cover(interoperable, []).data


def test_grey_with_the_curve_of_srgb_needs_no_profile_and_another_curve_is_changed():
    picture = scene(1).convert("L")
    grey = _grey_profile(2.2)
    assert covering.cover(saved(picture, "JPEG", icc_profile=grey), []).how in set(How)
    steep = covering.cover(saved(picture, "JPEG", icc_profile=_grey_profile(1.0)), [])
    assert steep.how is How.REENCODED
    assert b"ICC_PROFILE" not in steep.data


def _grey_profile(gamma: float) -> bytes:
    """A profile of greys with one gamma, put together by hand (ICC.1:2010, 8.3.3)."""
    curve = b"curv" + bytes(4) + (1).to_bytes(4, "big") + round(gamma * 256).to_bytes(2, "big") + bytes(2)
    white = b"XYZ " + bytes(4) + b"".join(round(value * 65536).to_bytes(4, "big") for value in (0.9642, 1.0, 0.8249))
    table = (2).to_bytes(4, "big")
    for name, at, size in ((b"kTRC", 156, 16), (b"wtpt", 172, 20)):
        table += name + at.to_bytes(4, "big") + size.to_bytes(4, "big")
    header = (192).to_bytes(4, "big") + bytes(4) + bytes.fromhex("02100000") + b"mntrGRAYXYZ " + bytes(12) + b"acsp"
    header = header.ljust(68, b"\0") + white[8:] + bytes(48)
    return header + table + curve + white
