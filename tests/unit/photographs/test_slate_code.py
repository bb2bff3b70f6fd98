import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.photographs.slates import code

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CHECKED = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
slates = st.binary(min_size=8, max_size=8).map(code.new)
# The places that carry something: all but the hyphens.
places = st.sampled_from([place for place in range(20) if place not in (4, 17)])


@pytest.mark.requirement("C1")
def test_agrees_with_the_example_of_the_standard():
    assert code.check_characters("ISO79") == "3W"


@pytest.mark.requirement("C1")
@given(st.binary(min_size=8, max_size=8))
def test_carries_sixty_random_bits_and_is_valid(random):
    text = code.new(random)
    assert len(text) == 20
    assert code.valid(text)
    assert code.text_of(code.token_of(text)) == text
    bits = 0
    for letter in code.token_of(text):
        bits = bits << 5 | LETTERS.index(letter)
    assert bits == int.from_bytes(random, "big") & (1 << 60) - 1


@pytest.mark.requirement("C1")
@given(slates, places, st.sampled_from(CHECKED))
def test_detects_every_wrong_character(text, place, wrong):
    changed = text[:place] + wrong + text[place + 1 :]
    assert code.valid(changed) is (changed == text)


@pytest.mark.requirement("C1")
@given(slates, places, places)
def test_detects_any_two_characters_swapped(text, first, second):
    letters = list(text)
    letters[first], letters[second] = letters[second], letters[first]
    changed = "".join(letters)
    assert code.valid(changed) is (changed == text)


@pytest.mark.requirement("C1")
@pytest.mark.parametrize(
    "text",
    ["", "SFL1", "SFL2-000000000000-7D", "SFL1-000000000000-7D ", "sfl1-000000000000-7d", "SFL1-00000000000-7D", "SFL1-00000000000U-7D"],
)
def test_refuses_what_has_not_its_form(text):
    assert not code.valid(text)
    with pytest.raises(ValueError):
        code.token_of(text)


@pytest.mark.requirement("C2")
def test_has_one_fixed_text_that_ends_a_sequence():
    assert code.valid(code.END)
    assert code.token_of(code.END) == "END000000000"


def test_is_made_of_eight_random_bytes_and_twelve_letters_only():
    with pytest.raises(ValueError):
        code.new(b"seven..")
    with pytest.raises(ValueError):
        code.text_of("TOOSHORT")
    with pytest.raises(ValueError):
        code.check_characters("a")


def test_knows_a_slate_misread_from_another_code_in_the_room():
    assert code.claims_to_be_a_slate("SFL1-000000000000-00")
    assert not code.claims_to_be_a_slate("https://hospital.example")


@given(slates)
def test_takes_the_short_code_as_a_person_types_it(text):
    short = code.short_code(text)
    assert text[5:10] == short
    assert code.short_code_typed(f" {short[:2].lower()}-{short[2:].replace('0', 'o').replace('1', 'l')} ") == short


@pytest.mark.parametrize("typed", ["", "ABCD", "ABCDEF", "ABC!E", "ABCUE"])
def test_refuses_a_short_code_that_cannot_be_one(typed):
    assert code.short_code_typed(typed) is None
