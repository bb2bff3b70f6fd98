"""Behind the walls a photograph looks as it does without them: nothing that drawing needs is shut out."""

import mmap
import os
from functools import cache

import pytest
from tests.factories.heic import heic
from tests.factories.pictures import BODY, TAKEN, bomb, photo, saved, scene, slate_photo, slate_text
from tests.shared import shared_folder

from safelight.photographs import pictures
from safelight.photographs.pictures import Kind, drawn, examination
from safelight.photographs.pictures.framing import Asked, Request

pytestmark = [pytest.mark.requirement("D9"), pytest.mark.slow]


def without_walls(data: bytes, kind: Kind, asked: Asked = Asked.DRAW) -> pictures.Picture:
    shared = os.memfd_create("test")
    try:
        os.write(shared, data)
        with mmap.mmap(shared, len(data), prot=mmap.PROT_READ) as mapped:
            return examination.examine(mapped, kind, asked)
    finally:
        os.close(shared)


FILES = {
    "photo": (photo, Kind.JPEG),
    "sideways": (lambda: photo(2, orientation=6), Kind.JPEG),
    "slate": (lambda: slate_photo(slate_text(1)), Kind.JPEG),
    "small slate": (lambda: slate_photo(slate_text(1), size=(2600, 1800), width_share=0.03), Kind.JPEG),
    "png": (lambda: saved(scene(), "PNG"), Kind.PNG),
    "tiff": (lambda: saved(scene(), "TIFF", compression="tiff_lzw"), Kind.TIFF),
    "deflated tiff": (lambda: saved(scene(), "TIFF", compression="tiff_adobe_deflate"), Kind.TIFF),
    "jpeg in tiff": (lambda: saved(scene(), "TIFF", compression="jpeg"), Kind.TIFF),
    "cmyk": (lambda: saved(scene().convert("CMYK"), "JPEG"), Kind.JPEG),
    "raw": (lambda: drawn.raw(scene(), BODY, TAKEN, ending="cr2"), Kind.CR2),
    "empty raw": (lambda: bytes(4000), Kind.RW2),
    "heic": (lambda: heic("quartered", turns=1), Kind.HEIC),
    "slate in heic": (lambda: heic("slate"), Kind.HEIC),
    "broken heic": (lambda: b"\0\0\0\x18ftypheic" + bytes(400), Kind.HEIC),
    "cut short": (lambda: photo()[:9000], Kind.JPEG),
    "bomb": (lambda: bomb("one_bit.png"), Kind.PNG),
}


@cache
def a_file(name: str) -> tuple[bytes, Kind]:
    make, kind = FILES[name]
    return make(), kind


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("asked", list(Asked))
def test_shows_the_same(name, asked):
    data, kind = a_file(name)
    if asked is Asked.LOOK:
        shown = pictures.look(data, kind=kind)
    else:
        shown = pictures.examine(data, kind=kind, slate_expected=asked is Asked.DRAW_SLATE_EXPECTED)
    assert shown == without_walls(data, kind, asked)


def test_a_look_reads_the_slate_that_is_too_small_for_the_preview_and_draws_nothing():
    far_away = slate_photo(slate_text(1), size=(2600, 1800), width_share=0.05)
    assert pictures.examine(far_away, kind=Kind.JPEG, slate_expected=False).slates == ()
    assert pictures.examine(far_away, kind=Kind.JPEG, slate_expected=True).slates == (slate_text(1),)
    assert pictures.look(far_away, kind=Kind.JPEG) == pictures.Picture(slates=(slate_text(1),))


def test_shows_the_same_of_every_camera_in_the_corpus():
    for path in sorted(shared_folder("corpus").glob("metadata/*")):
        data = path.read_bytes()
        kind = pictures.recognise(name=path.name, head=data[: pictures.HEAD], size=len(data))
        assert pictures.examine(data, kind=kind, slate_expected=False) == without_walls(data, kind), path.name


def test_rehearses_every_format_it_draws():
    examination.rehearse()


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("asked", list(Asked))
def test_a_request_arrives_as_it_was_sent(kind, asked):
    request = Request(2**40, kind, asked)
    assert Request.unpack(request.pack()) == request
