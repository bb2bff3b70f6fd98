import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from safelight.patients.names import fits, keys, plain


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("O'Brien", "OBRIEN"),
        ("O’Brien", "obrien"),
        ("Ñuñez", "NUNEZ"),
        ("MÜLLER", "Muller"),
        ("Straße", "STRASSE"),
        ("Sørensen", "SORENSEN"),
        ("Łuczak", "luczak"),
        ("Þór", "thor"),
        ("Æsir", "aesir"),
        ("Van Der Berg", "vanderberg"),
        ("Smith-Jones", "smithjones"),
        ("ﬁsher", "Fisher"),
    ],
)
def test_two_spellings_of_one_name_are_the_same(one, other):
    assert plain(one) == plain(other)


@given(st.text(max_size=40))
def test_how_letters_are_composed_does_not_matter(name):
    assert plain(unicodedata.normalize("NFD", name)) == plain(unicodedata.normalize("NFC", name))


@given(st.text(max_size=40))
@example("\u03d3")
@example("\U0001d400\ufb01")
def test_a_plain_name_stays_as_it_is(name):
    assert plain(plain(name)) == plain(name)


@given(st.text(st.characters(max_codepoint=127), max_size=40))
def test_the_short_way_of_plain_letters_agrees_with_the_long_one(name):
    assert plain(name) == plain(name + "ø")[:-1]


@pytest.mark.parametrize("name", ["العربية", "Ελληνικά", "李"])
def test_a_name_in_another_script_is_kept(name):
    assert plain(name)


def test_a_double_name_is_found_by_each_part():
    of = keys("Smith-Jones")
    assert fits("smith", of)
    assert fits("jones", of)
    assert fits("smithjones", of)
    assert not fits("ones", of)


def test_a_particle_finds_nobody():
    assert not fits("de", keys("de la Cruz"))
    assert fits("cruz", keys("de la Cruz"))


def test_two_letters_find_only_the_whole_name():
    assert fits("li", keys("Li"))
    assert not fits("li", keys("Little"))
    assert fits("lit", keys("Little"))
