"""One form for each value: the fast writer and RFC 8785's own write the same."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from handover import canonical

EXACT = 2**53 - 1
letters = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
plain = st.text(st.characters(max_codepoint=127), max_size=12)
keys = plain | letters
values = st.recursive(
    st.none() | st.booleans() | st.integers(-EXACT, EXACT) | plain | letters | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(keys, values, max_size=6))
def test_is_what_the_standard_says(value):
    assert canonical.write(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value",
    [
        {"b": 1, "a": [True, None, -0, EXACT, -EXACT]},
        {"\U0001f600": 1, "\ufb33": 2, "z": '\x00\x1f\x7f\\"/\b\f\n\r\t'},
        {"digest": "1234567890123456" * 4, "e": 1e21, "f": [0.5, -1.0, 1e-7], "said": "at:1.5,[2.5"},
    ],
)
def test_is_what_the_standard_says_of_what_is_hard(value):
    assert canonical.write(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [EXACT + 1, -EXACT - 1, 10**400, float("nan"), float("inf"), float("-inf"), "\ud800"])
def test_has_no_form_for_what_the_standard_has_none_for(value):
    with pytest.raises((rfc8785.CanonicalizationError, UnicodeEncodeError)):
        canonical.write({"a": value})
    with pytest.raises((rfc8785.CanonicalizationError, UnicodeEncodeError)):
        canonical.write({"a": [value]})
