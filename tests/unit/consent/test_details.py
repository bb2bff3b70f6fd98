from uuid import uuid4

import pytest

from safelight.consent.details import Detail, Details, path_of, seal, strokes_of, unseal
from safelight.vault import upkeep
from safelight.vault.errors import WrongKey


@pytest.fixture(autouse=True)
def _keys():
    upkeep.make_keys()


FULL = Details(name="Pat SAMPLE", notes="Asked twice", signature=(((0, 0), (1000, 400)), ((3, 4),)))


def test_comes_back_as_it_was_sealed():
    one = uuid4()
    assert unseal(seal(FULL, one), one) == FULL
    assert unseal(b"", one) == Details()


def test_opens_for_no_other_consent():
    with pytest.raises(WrongKey):
        unseal(seal(FULL, uuid4()), uuid4())


def test_shows_no_name_when_printed():
    assert "SAMPLE" not in repr(FULL)


def test_tells_which_details_are_given():
    assert FULL.given == {Detail.NAME, Detail.NOTES, Detail.SIGNATURE}


def test_a_signature_is_strokes_of_numbers():
    assert strokes_of("") == ()
    assert strokes_of("[[[0,0],[1000,400]],[[3,4]]]") == FULL.signature
    assert path_of(FULL.signature) == "M0 0L1000 400M3 4L4 4"


@pytest.mark.parametrize(
    "text",
    ["{}", "[[]]", "[[[0]]]", "[[[0,1001]]]", "[[[-1,0]]]", '[["<script>"]]', "[[[0,1,2]]]", "nonsense", "[1]", "[[[0.5,1]]]"],
)
def test_anything_else_is_no_signature(text):
    with pytest.raises(ValueError):
        strokes_of(text)


def test_a_signature_of_endless_points_is_none():
    with pytest.raises(ValueError, match="too many"):
        strokes_of("[[" + ",".join(["[1,1]"] * 20_001) + "]]")
