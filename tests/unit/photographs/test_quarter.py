"""Large photos at a quarter of their size: each level as the coefficients say, and whatever is in doubt left to the library."""

import random
from io import BytesIO

import cv2
import numpy as np
import pytest
import simplejpeg
from PIL import Image
from tests.factories.coded import CODED, coefficients, grainy
from tests.factories.pictures import saved

from safelight.photographs.pictures import Kind, render
from safelight.photographs.pictures.quarter import build
from safelight.photographs.pictures.quarter.decoder import Decoder
from safelight.photographs.pictures.quarter.headers import Headers, Unusual

pytestmark = [pytest.mark.requirement("D9"), pytest.mark.goal("S6")]

DRAWN = ["4:2:0", "4:2:2", "4:4:0", "4:4:4", "q35", "q100", "optimised", "restarts", "grey"]
LEFT_TO_OTHERS = ["4:1:1", "progressive", "rgb", "cmyk", "cmyk without Adobe", "ycck", "arithmetic"]
LONG = (5200, 72)  # pixels: drawn at a quarter, and soon
AFTER_JFIF = 20  # whose version the library minds and the picture does not


def planes(coded: bytes) -> list[np.ndarray] | None:
    file = np.frombuffer(coded, np.uint8)
    return Decoder().planes(file, Headers().read(memoryview(file)))


def by_coefficients(coded: bytes) -> list[np.ndarray]:
    """The two by two lowest of each block as an independent reader has them, turned back by the cosines of T.81 A.3.3."""
    found = []
    for blocks, steps in zip(*coefficients(coded), strict=True):
        low = (blocks * steps.astype(np.int32))[:, :, :2, :2]
        signs = np.array([[1, 1], [1, -1]])
        levels = np.einsum("yu,xv,rcuv->rycx", signs, signs, low) + 4 >> 3
        found.append((levels + 128).clip(0, 255).reshape(2 * low.shape[0], 2 * low.shape[1]).astype(np.uint8))
    return found


@pytest.mark.parametrize("how", DRAWN)
@pytest.mark.parametrize("size", [(160, 96), (161, 97), (8, 8), (17, 250)])
def test_every_level_is_what_the_coefficients_say(how, size):
    coded = CODED[how](grainy(*size))
    drawn, wanted = planes(coded), by_coefficients(coded)
    assert drawn is not None
    for plane, blocks in zip(drawn, wanted, strict=True):  # whole units are drawn; the other reader knows of whole blocks
        assert np.array_equal(plane[: blocks.shape[0], : blocks.shape[1]], blocks[: plane.shape[0], : plane.shape[1]])


@pytest.mark.parametrize("how", DRAWN)
def test_it_looks_as_the_library_draws_it(how):
    picture = grainy(320, 200).resize((640, 400), Image.Resampling.BICUBIC)
    coded = CODED[how](picture)
    drawn = Decoder().decode(coded)
    assert drawn is not None
    asked = "GRAY" if how == "grey" else "RGB"
    library = np.broadcast_to(simplejpeg.decode_jpeg(coded, asked, min_height=100, min_width=160), (100, 160, 3))
    assert drawn.shape == (100, 160, 3)
    assert np.abs(drawn.astype(int) - library).mean() < 6  # grain finer than the picture is smoothed in another way
    smooth = [cv2.GaussianBlur(np.ascontiguousarray(shown), (0, 0), 4).astype(int) for shown in (drawn, library)]
    assert np.abs(smooth[0] - smooth[1]).max() <= 3


@pytest.mark.parametrize("how", LEFT_TO_OTHERS)
def test_what_it_does_not_know_is_left_to_a_library(how):
    coded = CODED[how](grainy(*LONG))
    assert Decoder().decode(coded) is None
    drawn = render.render(coded, kind=Kind.JPEG, orientation=1, adobe_rgb=False, slate_expected=False)
    assert (drawn.width, drawn.height) == LONG


def test_a_file_that_ends_too_early_is_never_drawn():
    coded = CODED["restarts"](grainy(64, 48))
    for end in range(len(coded)):
        assert Decoder().decode(coded[:end]) is None


def test_what_the_library_finds_damaged_is_not_drawn_as_sound():
    told = random.Random(7)
    damaged = drawn = 0
    for how in ("4:2:0", "4:2:2", "restarts", "optimised"):
        coded = CODED[how](grainy(200, 120))
        for _ in range(400):
            changed = bytearray(coded)
            for _ in range(told.randint(1, 3)):
                changed[told.randrange(AFTER_JFIF, len(changed))] = told.choice((0xFF, 0x00, told.randrange(256)))
            try:
                simplejpeg.decode_jpeg(bytes(changed), "RGB", strict=True)
            except ValueError:
                damaged += 1
                assert Decoder().decode(bytes(changed)) is None
            else:
                drawn += Decoder().decode(bytes(changed)) is not None
    assert damaged > 300
    assert drawn > 300


@pytest.mark.parametrize(
    "changed",
    [
        lambda file: file.replace(b"\xff\xdb\x00\x43\x00", b"\xff\xdb\x00\x43\x10", 1),  # steps of sixteen bits
        lambda file: file.replace(b"\xff\xdb\x00\x43\x01", b"\xff\xdb\x00\x43\x03", 1),  # a table that is named and not there
        lambda file: file.replace(b"\xff\xc0\x00\x11\x08", b"\xff\xc0\x00\x11\x0c", 1),  # twelve bits
        lambda file: file.replace(b"\xff\xdd\x00\x04", b"\xff\xdd\x00\x03", 1),
        lambda file: file.replace(b"\xff\xda\x00\x0c\x03\x01\x00", b"\xff\xda\x00\x0c\x03\x02\x00", 1),  # another order
        lambda file: file.replace(b"\xff\xda\x00\x0c\x03\x01\x00", b"\xff\xda\x00\x0c\x03\x01\x33", 1),  # trees that are not there
        lambda file: file.replace(b"\x00\x3f\x00", b"\x01\x3f\x00", 1),  # part of the coefficients
        lambda file: file.replace(b"JFIF", b"JFIX", 1).replace(b"\x03\x01\x22\x00\x02\x11", b"\x03R\x22\x00G\x11", 1),
        lambda file: b"\xff\xd8\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00" + file[2:],  # colours that were not turned
        lambda file: b"\xff\xd8\xff\xe1\xff\xff" + file[2:],
    ],
)
def test_headers_that_are_unusual_or_lie_are_not_believed(changed):
    file = CODED["restarts"](grainy(64, 48))
    assert Decoder().decode(file) is not None
    lied = changed(file)
    assert lied != file
    with pytest.raises(Unusual):
        Headers().read(memoryview(lied))
    assert Decoder().decode(lied) is None


def test_where_nothing_could_be_compiled_the_library_draws(tmp_path, monkeypatch):
    coded = saved(grainy(*LONG), "JPEG")
    by_ours = render.render(coded, kind=Kind.JPEG, orientation=1, adobe_rgb=False, slate_expected=False)
    monkeypatch.setattr(render, "QUARTER", Decoder(tmp_path / "nothing.so"))
    by_library = render.render(coded, kind=Kind.JPEG, orientation=1, adobe_rgb=False, slate_expected=False)
    assert by_ours.preview != by_library.preview
    assert Image.open(BytesIO(by_ours.preview)).size == Image.open(BytesIO(by_library.preview)).size == (1300, 18)


def test_it_is_compiled_once_and_again_when_its_source_is_newer(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "BUILT", tmp_path / "built" / "quarter.so")
    assert build.build()
    assert not build.build()
    assert Decoder(build.BUILT).decode(saved(grainy(64, 48), "JPEG")) is not None
    monkeypatch.setenv("CC", "no-such-compiler")
    build.BUILT.unlink()
    assert not build.build()
