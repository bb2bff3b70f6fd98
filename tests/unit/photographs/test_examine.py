"""Drawing: size, uprightness, colour, what is left of metadata, one look for preview, thumb and slate."""

import os
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageCms
from tests.factories.pictures import BODY, TAKEN, photo, saved, scene

from safelight.photographs import pictures
from safelight.photographs.pictures import Kind, Picture, Reason, drawn
from safelight.photographs.pictures.sandbox import Limits, Sandbox

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 180, 40), (30, 40, 200), (250, 250, 250)


def examine(data: bytes, kind: Kind = Kind.JPEG) -> Picture:
    return pictures.examine(data, kind=kind, slate_expected=False)


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data), formats=["JPEG"])


def quartered(width: int = 96, height: int = 64, mode: str = "RGB") -> Image.Image:
    """Red upper left, green upper right, blue lower left, white lower right."""
    shown = Image.new("RGB", (width, height), WHITE)
    shown.paste(RED, (0, 0, width // 2, height // 2))
    shown.paste(GREEN, (width // 2, 0, width, height // 2))
    shown.paste(BLUE, (0, height // 2, width // 2, height))
    return shown.convert(mode)


def corners(data: bytes) -> list[tuple[int, int, int]]:
    """The mean colours of the four quarters."""
    shown = opened(data).resize((2, 2), Image.Resampling.BOX)
    return [shown.getpixel((x, y)) for y in (0, 1) for x in (0, 1)]


def alike(seen, wanted, tolerance=40) -> bool:
    return all(abs(a - b) <= tolerance for one, other in zip(seen, wanted, strict=True) for a, b in zip(one, other, strict=True))


UPRIGHT = [RED, GREEN, BLUE, WHITE]
AS_STORED = {  # what must be stored so that the camera's tag makes it upright (EXIF 2.32, 4.6.4)
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", AS_STORED)
@pytest.mark.parametrize(("kind", "form"), [(Kind.JPEG, "JPEG"), (Kind.PNG, "PNG"), (Kind.TIFF, "TIFF")])
def test_shows_upright_what_the_camera_stored_sideways(orientation, kind, form):
    stored = quartered() if AS_STORED[orientation] is None else quartered().transpose(AS_STORED[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = examine(saved(stored, form, exif=exif), kind)
    assert (picture.width, picture.height) == (96, 64)
    assert opened(picture.preview).size == (96, 64)
    assert alike(corners(picture.preview), UPRIGHT)


@pytest.mark.parametrize(
    ("size", "preview", "thumb"),
    [
        ((6000, 4000), (1500, 1000), (400, 267)),
        ((4000, 3000), (2000, 1500), (400, 300)),
        ((1000, 4500), (455, 2048), None),
        ((300, 200), (300, 200), (300, 200)),
    ],
)
def test_reduces_to_what_a_screen_shows(size, preview, thumb):
    picture = examine(saved(quartered(*size), "JPEG"))
    assert (picture.width, picture.height) == size
    shown = opened(picture.preview).size
    assert max(shown) <= 2048
    assert all(abs(a - b) <= 60 for a, b in zip(shown, preview, strict=True))
    assert max(opened(picture.thumb).size) == min(400, max(size))
    if thumb:
        assert opened(picture.thumb).size == thumb


@pytest.mark.parametrize(
    ("form", "mode"),
    [
        *(("JPEG", mode) for mode in ("L", "RGB", "CMYK")),
        *(("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")),
        *(("TIFF", mode) for mode in ("1", "L", "RGB", "CMYK", "LAB", "F", "I;16")),
    ],
)
def test_draws_every_way_of_keeping_colour(form, mode):
    deep = mode == "I;16"
    shown = Image.fromarray(np.asarray(quartered(mode="L")).astype(np.uint16) * 257) if deep else _in(mode)
    picture = examine(saved(shown, form), Kind(form.lower()))
    assert picture.refusal is None
    seen = corners(picture.preview)
    assert seen[3][0] > seen[2][0] + 60  # white is brighter than blue
    if mode in {"RGB", "P", "RGBA", "CMYK", "LAB"}:
        assert alike(seen, UPRIGHT, 90)


def _in(mode: str) -> Image.Image:
    if mode == "LAB":
        srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        return ImageCms.profileToProfile(quartered(), srgb, lab, outputMode="LAB")
    return quartered(mode=mode)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("subsampling", ["4:4:4", "4:2:2", "4:2:0"])
def test_draws_every_common_jpeg(progressive, subsampling):
    picture = examine(saved(quartered(2600, 1700), "JPEG", progressive=progressive, subsampling=subsampling))
    assert alike(corners(picture.preview), UPRIGHT)


@pytest.mark.parametrize("size", [(300, 200), (2600, 1700)])
def test_draws_what_the_fast_decoder_finds_odd(size):
    stored = saved(quartered(*size), "JPEG")
    table = stored.index(b"\xff\xdb")
    picture = examine(stored[:table] + b"\0\0" + stored[table:])  # two stray bytes, as some editors leave them
    assert (picture.width, picture.height) == size
    assert alike(corners(picture.preview), UPRIGHT)


def test_turns_colours_to_srgb_by_the_profile_of_the_file():
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    place = plain.index(b"rXYZ")
    other = plain.index(b"gXYZ")
    swapped = bytearray(plain)
    swapped[place : place + 4], swapped[other : other + 4] = b"gXYZ", b"rXYZ"
    picture = examine(saved(quartered(), "JPEG", icc_profile=bytes(swapped)))
    assert alike(corners(picture.preview), [GREEN, RED, BLUE, WHITE], 60)


def test_knows_adobe_rgb_by_what_the_camera_says():
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0xA001] = 0xFFFF
    exif.get_ifd(0x8769)[0xA005] = {1: "R03", 2: b"0100"}
    exif._ifds[0xA005] = {1: "R03", 2: b"0100"}
    stored = Image.new("RGB", (64, 64), (150, 180, 120))
    marked, plain = examine(saved(stored, "JPEG", exif=exif)), examine(saved(stored, "JPEG"))
    assert marked.camera.adobe_rgb
    green, as_is = (opened(picture.preview).getpixel((32, 32)) for picture in (marked, plain))
    assert alike([as_is], [(150, 180, 120)], 4)
    # By the matrices of Adobe RGB (1998) and IEC 61966-2-1.
    assert alike([green], [(137, 181, 117)], 3)


@pytest.mark.parametrize("profile", [b"not a profile", bytes(128), b"\0" * 4000])
def test_a_broken_profile_costs_a_shade_and_not_the_photo(profile):
    picture = examine(saved(quartered(), "JPEG", icc_profile=profile))
    assert alike(corners(picture.preview), UPRIGHT)


@pytest.mark.goal("S7")
def test_neither_preview_nor_thumb_carries_metadata():
    marked = drawn.jpeg(scene(3), drawn.CameraBody(make="MARKER-MAKE", model="MARKER-MODEL", serial="MARKER-SERIAL"), TAKEN)
    marked = marked[:2] + b"\xff\xfe\x00\x0eMARKER-WORDS" + marked[2:] + b"MARKER-BEHIND"
    picture = examine(marked)
    for rendition in (picture.preview, picture.thumb):
        assert b"MARKER" not in rendition
        assert b"Exif" not in rendition
        assert opened(rendition).getexif() == {}


@pytest.mark.parametrize("ending", ["cr2", "nef", "arw", "dng"])
def test_shows_of_a_raw_file_its_largest_jpeg(ending):
    data = drawn.raw(quartered(960, 640), BODY, TAKEN, ending=ending, orientation=8)
    small = saved(quartered(320, 240), "JPEG")
    kind = pictures.recognise(name=f"IMG_1.{ending}", head=data[:64], size=len(data))
    assert kind is Kind(ending)
    picture = examine(data + small, kind)
    assert (picture.width, picture.height) == (640, 960)
    assert alike(corners(picture.preview), [GREEN, WHITE, RED, BLUE])
    assert (picture.camera.make, picture.camera.model, picture.camera.serial) == (BODY.make, BODY.model, BODY.serial)
    assert picture.camera.taken == TAKEN.replace(microsecond=0)


def test_passes_over_the_sensors_own_data_in_a_raw_file():
    inner = saved(quartered(320, 240), "JPEG")
    sensor = b"\xff\xd8\xff\xc3\x00\x11\x0c\x10\x00\x10\x00\x03" + bytes(64)  # lossless, SOF3, 4096 x 4096
    picture = examine(b"FUJIFILMCCD-RAW" + sensor + inner, Kind.RAF)
    assert (picture.width, picture.height) == (320, 240)


def test_says_so_where_a_raw_file_shows_nothing():
    assert examine(b"IIRO" + bytes(4000), Kind.ORF).refusal is Reason.NO_PREVIEW_IN_RAW


@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        (Kind.HEIC, b"\0\0\0\x18ftypheic" + bytes(64), Reason.DAMAGED),
        (Kind.MP4, b"\0\0\0\x18ftypmp42" + bytes(64), Reason.VIDEO_NOT_DRAWN),
        (Kind.JPEG, b"", Reason.EMPTY),
        (Kind.JPEG, bytes(64 * 2**20 + 1), Reason.TOO_LARGE),
        (Kind.JPEG, b"\xff\xd8\xff\xe0", Reason.DAMAGED),
        (Kind.PNG, photo(), Reason.DAMAGED),
        (Kind.JPEG, saved(Image.new("RGB", (8, 8)), "PNG"), Reason.DAMAGED),
    ],
)
def test_gives_a_reason_instead_of_a_picture(kind, data, reason):
    picture = examine(data, kind)
    assert picture.refusal is reason
    assert (picture.width, picture.height, picture.preview, picture.thumb) == (0, 0, b"", b"")


def test_takes_a_view_of_memory_as_well_as_bytes():
    data = photo()
    inside = memoryview(b"??" + data + b"??")[2:-2]
    assert examine(inside) == examine(data)


def test_a_photo_of_sixty_four_mebibytes_is_drawn():
    padding = b"\xff\xfe\xff\xff" + bytes(65_533)
    data = photo()
    big = data[:2] + padding * 1000 + data[2:]
    assert 60 * 2**20 < len(big) < 64 * 2**20
    assert examine(big).refusal is None


@pytest.mark.parametrize("more", [0, 17 << 20], ids=["a photo", "a large file"])
def test_nothing_of_a_photo_stays_in_the_memory_that_its_worker_shares(more):
    sandbox = Sandbox(Limits(workers=1))
    try:
        assert sandbox.examine(photo() + b"x" * more, kind=Kind.JPEG, slate_expected=False).refusal is None
        with sandbox._worker() as worker:
            held = os.fstat(worker._memory).st_size
            assert held <= 16 << 20
            assert os.pread(worker._memory, held, 0) == bytes(held)
        assert sandbox.examine(photo(3), kind=Kind.JPEG, slate_expected=False) == examine(photo(3))
    finally:
        sandbox.close()
