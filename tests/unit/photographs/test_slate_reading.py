"""Reading slates: the table of widths and conditions, two in one frame, a wrong check character, and frames without any."""

from functools import cache

import numpy as np
import pytest
from PIL import Image
from tests.factories.pictures import BODY, TAKEN, photo, saved, scene, slate_photo, slate_text
from tests.shared import shared_folder

from safelight.photographs import pictures
from safelight.photographs.pictures import Kind, Picture, drawn
from safelight.photographs.pictures.drawn import Conditions, Symbol, View
from safelight.photographs.slates import code

# Large photographs are drawn once: for all tests of one process.
pytestmark = [pytest.mark.requirement("C1"), pytest.mark.slow, pytest.mark.xdist_group("slates")]


@cache
def behind(seed: int) -> Image.Image:
    """A clinical photograph of 24 MP, for a slate to lie on."""
    tone = list(drawn.Tone)[seed % 4]
    return drawn.photograph(drawn.Subject(seed=seed, tone=tone), View.OVERVIEW, size=drawn.FULL)


def read(data: bytes, *, slate_expected: bool) -> Picture:
    picture = pictures.examine(data, kind=Kind.JPEG, slate_expected=slate_expected)
    assert picture.refusal is None
    return picture


def frame(text: str, seed: int, symbol: Symbol, width_share: float, conditions: Conditions) -> bytes:
    over = behind(seed % 2)
    shown = drawn.slate(text, seed=seed, symbol=symbol, width_share=width_share, conditions=conditions, behind=over)
    return drawn.jpeg(shown, BODY, TAKEN)


@pytest.mark.slow
@pytest.mark.parametrize("symbol", list(Symbol))
@pytest.mark.parametrize("conditions", list(Conditions))
@pytest.mark.parametrize(("width_share", "seed"), [(0.12, 1), (0.08, 2)])
def test_reads_every_slate_from_eight_percent_of_the_width_up(symbol, conditions, width_share, seed):
    text = slate_text(seed)
    assert read(frame(text, seed, symbol, width_share, conditions), slate_expected=True).slates == (text,)


@pytest.mark.slow
@pytest.mark.parametrize("conditions", list(Conditions))
def test_reads_a_datamatrix_of_five_percent(conditions):
    text = slate_text(5)
    assert read(frame(text, 5, Symbol.DATA_MATRIX, 0.05, conditions), slate_expected=True).slates == (text,)


def test_reads_a_slate_at_first_look_when_it_fills_the_frame():
    text = slate_text(7)
    assert read(slate_photo(text, width_share=0.3), slate_expected=False).slates == (text,)


@pytest.mark.requirement("C2")
def test_reads_the_slate_that_ends_a_sequence():
    assert read(slate_photo(code.END), slate_expected=False).slates == (code.END,)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_reads_a_slate_in_a_photo_held_sideways(orientation):
    shown = drawn.slate(slate_text(8), seed=8, size=drawn.SMALL)
    assert read(drawn.jpeg(shown, BODY, TAKEN, orientation=orientation), slate_expected=False).slates == (slate_text(8),)


def test_reads_one_slate_once_though_it_stands_there_in_two_symbols():
    text = slate_text(9)
    first = drawn.slate(text, seed=3, size=(1800, 1200), width_share=0.15)
    both = drawn.slate(text, seed=4, size=(1800, 1200), symbol=Symbol.QR, width_share=0.15, behind=first)
    assert read(drawn.jpeg(both, BODY, TAKEN), slate_expected=False).slates == (text,)


def test_tells_of_two_slates_in_one_frame():
    texts = slate_text(1), slate_text(2)
    seen = read(slate_photo(*texts, seed=12, size=(1800, 1200), width_share=0.15), slate_expected=False).slates
    assert set(seen) == set(texts)


@pytest.mark.parametrize("symbol", list(Symbol))
def test_takes_no_slate_whose_check_characters_are_wrong_and_tells_of_it(symbol):
    right = slate_text(3)
    wrong = right[:-1] + ("A" if right[-1] != "A" else "B")
    picture = read(saved(_symbol(wrong, symbol), "JPEG"), slate_expected=True)
    assert picture.slates == ()
    assert picture.unread_symbol


@pytest.mark.parametrize("symbol", list(Symbol))
def test_tells_of_a_symbol_that_it_cannot_read(symbol):
    spoilt = np.asarray(_symbol(slate_text(4), symbol)).copy()
    side = spoilt.shape[0]
    spoilt[side * 2 // 5 : side * 7 // 10, side * 2 // 5 : side * 7 // 10] = 255  # a thumb over the middle
    picture = read(saved(Image.fromarray(spoilt), "JPEG"), slate_expected=True)
    assert picture.slates == ()
    assert picture.unread_symbol


def test_leaves_other_codes_in_the_room_alone():
    for words in ("https://hospital.example/ward", "SAMPLE, Test"):
        picture = read(saved(_symbol(words, Symbol.QR), "JPEG"), slate_expected=True)
        assert (picture.slates, picture.unread_symbol) == ((), False)


def _symbol(words: str, symbol: Symbol) -> Image.Image:
    """A symbol of any words, which the product itself would refuse to draw."""
    import zxingcpp

    form = zxingcpp.BarcodeFormat.QRCode if symbol is Symbol.QR else zxingcpp.BarcodeFormat.DataMatrix
    options = {"ec_level": "M"} if symbol is Symbol.QR else {"force_square": True}
    modules = np.array(zxingcpp.create_barcode(words, form, **options).to_image())
    return Image.fromarray(np.pad(np.kron(modules, np.ones((10, 10), np.uint8)), 60, constant_values=255))


def test_the_second_look_reads_what_the_first_missed():
    text = slate_text(6)
    small = frame(text, 6, Symbol.QR, 0.025, Conditions.EASY)
    assert read(small, slate_expected=False).slates in {(), (text,)}
    assert read(small, slate_expected=True).slates == (text,)


@pytest.mark.parametrize("expected", [False, True])
def test_reads_no_slate_where_there_is_none(expected):
    for seed in range(12):
        picture = read(photo(seed, (1200, 800)), slate_expected=expected)
        assert (picture.slates, picture.unread_symbol) == ((), False)


@pytest.mark.slow
def test_reads_no_slate_in_any_photograph_of_the_corpus():
    frames = 0
    for path in sorted(shared_folder("corpus").glob("*/*.*")):
        data = path.read_bytes()
        kind = pictures.recognise(name=path.name, head=data[: pictures.HEAD], size=len(data))
        if isinstance(kind, Kind):
            frames += 1
            picture = pictures.examine(data, kind=kind, slate_expected=True)
            assert (picture.slates, picture.unread_symbol) == ((), False), path.name
    assert frames > 180


def test_the_scene_of_the_tests_differs_by_seed():
    assert np.asarray(scene(1)).tobytes() != np.asarray(scene(2)).tobytes()
