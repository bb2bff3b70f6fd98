"""What is shown to others: fresh pixels with the name of who looks burned in."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from tests.factories.coded import CODED, grainy, turned
from tests.factories.pictures import scene

from safelight.deidentify import covering
from safelight.deidentify.boxes import Box
from safelight.deidentify.covering import lettering, marked
from safelight.deidentify.covering.profiles import PROFILES
from safelight.deidentify.covering.proof import prove

pytestmark = [pytest.mark.requirement("F4"), pytest.mark.goal("S2")]

WORDS = "Dr A Khan · Burns on call · 24 Nov 2026 09:41"


def _copy(size: tuple[int, int] = (1200, 800), orientation: int = 1) -> bytes:
    written = BytesIO()
    scene(1, size).save(written, "JPEG", quality=92)
    return covering.cover(turned(written.getvalue(), orientation), [Box(0.4, 0.4, 0.2, 0.2)]).data


def _pixels(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(BytesIO(data)).convert("RGB")).astype(int)


@pytest.mark.parametrize("longest", [2048, 640, 100])
def test_is_a_clean_jpeg_of_the_size_that_was_asked(longest):
    made = marked.marked(_copy(), WORDS, longest=longest)
    proved = prove(made, frozenset())
    assert max(proved.width, proved.height) == min(longest, 1200)
    assert proved.orientation == 1
    assert made != marked.plain(_copy(), longest=longest)


def test_the_words_stand_in_the_corner_and_faintly_across_and_the_middle_stays_free():
    with_words, without = _pixels(marked.marked(_copy(), WORDS)), _pixels(marked.plain(_copy()))
    changed = np.abs(with_words - without).max(axis=2)
    height, width = changed.shape
    assert changed[height - 40 :, : width // 3].max() > 150
    ends = changed[: height // 3, width * 3 // 4 :]
    assert 15 < ends.max() < 120
    middle = changed[height * 7 // 20 : height * 13 // 20, width * 7 // 20 : width * 13 // 20]
    assert middle.max() <= 2


@pytest.mark.parametrize("brightness", [0, 60, 128, 200, 255])
def test_the_words_across_are_seen_on_any_skin(brightness):
    written = BytesIO()
    Image.new("RGB", (1200, 800), (brightness, brightness * 9 // 10, brightness * 8 // 10)).save(written, "JPEG")
    copy = covering.cover(written.getvalue(), []).data
    changed = np.abs(_pixels(marked.marked(copy, WORDS)) - _pixels(marked.plain(copy))).max(axis=2)
    assert changed[:250, 900:].max() > 20
    assert (changed[:250, 900:] > 10).sum() > 300


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_stands_upright_and_says_nothing_of_turns(orientation):
    made = marked.plain(_copy(orientation=orientation), longest=600)
    assert b"Exif" not in made
    upright = prove(made, frozenset(PROFILES.values()))
    assert (upright.width > upright.height) == (orientation == 3)


def test_four_inks_and_greys_are_shown_too():
    for kind in ("cmyk", "grey", "progressive"):
        copy = covering.cover(CODED[kind](grainy(90, 70)), []).data
        assert prove(marked.marked(copy, WORDS), frozenset()).width == 90


def test_covered_stays_covered():
    made = _pixels(marked.marked(_copy(), WORDS))
    height, width = made.shape[:2]
    assert made[int(height * 0.45) : int(height * 0.55), int(width * 0.45) : int(width * 0.55)].max() <= 6


@pytest.mark.parametrize(
    ("written", "letters"),
    [
        ("Zoë", "Zoe"),
        ("Müller", "Muller"),
        ("Łukasz", "Lukasz"),
        ("Søren", "Soren"),
        ("Strauß", "Strauss"),
        ("Ağa Çelik", "Aga Celik"),
        ("Nguyễn", "Nguyen"),
        ("Ægir", "Aegir"),
        ("O’Neill", "O’Neill"),
        ("a\nb\tc", "a b c"),
    ],
)
def test_every_letter_of_a_name_in_latin_letters_is_drawn(written, letters):
    assert "".join(letter for letter, _ in lettering.spelt(written)) == letters


@pytest.mark.parametrize("written", ["é", "ñ", "ü", "ç", "ø", "ł", "å", "ž", "ą", "ő", "É", "Å"])
def test_a_mark_is_seen(written):
    plain, _ = lettering.spelt(written)[0]
    assert np.abs(np.asarray(lettering.written(written, 40)).astype(int) - np.asarray(lettering.written(plain, 40))).sum() > 2000


def test_what_cannot_be_drawn_stands_as_a_question_mark():
    assert "".join(letter for letter, _ in lettering.spelt("李 Иван")) == "? ????"


def test_a_hostile_length_of_words_is_drawn_all_the_same():
    made = marked.marked(_copy(), "W" * 5000, longest=400)
    assert prove(made, frozenset()).width == 400


def test_what_is_no_jpeg_is_refused():
    with pytest.raises(covering.CannotCover):
        marked.plain(b"no picture")
