"""The proof refuses whatever is more than a picture, also what the writer would never write."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories import planted
from tests.factories.coded import CODED, grainy, turned

from safelight.deidentify import covering
from safelight.deidentify.boxes import Box
from safelight.deidentify.covering import proof, rebuild
from safelight.deidentify.covering.profiles import PROFILES, Space
from safelight.deidentify.covering.proof import NotProved, prove
from safelight.deidentify.covering.segments import Malformed

pytestmark = [pytest.mark.requirement("F4"), pytest.mark.goal("S7")]

PROFILES_OF_OURS = frozenset(PROFILES.values())
CLEAN = covering.cover(turned(CODED["4:2:0"](grainy(96, 64)), 6), [Box(0.1, 0.1, 0.2, 0.2)]).data
JFIF = CLEAN[2:20]
EXIF = CLEAN[20:56]
SCAN = CLEAN.index(b"\xff\xda")
PLACES = {"at the beginning": 2, "after JFIF": 20, "among the tables": 56, "before the scan": SCAN, "after the scan": len(CLEAN) - 2}
ALLOWED = {0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, 0xDA, 0xD9}


def segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def refused(data: bytes) -> bool:
    try:
        prove(data, PROFILES_OF_OURS)
    except NotProved:
        return True
    return False


def test_proves_what_was_written():
    assert prove(CLEAN, PROFILES_OF_OURS) == proof.Proved(96, 64, 6)
    assert JFIF[:2] == b"\xff\xe0"
    assert EXIF[:2] == b"\xff\xe1"
    assert len(EXIF) == 36


@pytest.mark.parametrize("place", PLACES)
def test_refuses_each_marker_that_is_put_back(place):
    at = PLACES[place]
    for marker in set(range(256)) - ALLOWED:
        if marker == 0 or (at == len(CLEAN) - 2 and 0xD0 <= marker <= 0xD7):
            continue  # a stuffed byte and a restart are part of a scan
        assert refused(CLEAN[:at] + segment(marker, b"PLANTED") + CLEAN[at:]), hex(marker)


@pytest.mark.parametrize("marker", [0xE0, 0xE1, 0xE2, 0xEE, 0xED, 0xFE])
@pytest.mark.parametrize(
    "payload",
    [
        b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01\xff\xff\xff",
        b"JFXX\0\x10" + CLEAN,
        b"Exif\0\0MM\0*\0\0\0\x08\0\0",
        b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>",
        b"ICC_PROFILE\0\x01\x01" + bytes(128),
        b"MPF\0MM\0*",
        b"Photoshop 3.0\0" + b"8BIM",
        b"",
    ],
)
def test_refuses_what_cameras_put_there(marker, payload):
    for at in PLACES.values():
        assert refused(CLEAN[:at] + segment(marker, payload) + CLEAN[at:])


@pytest.mark.parametrize("behind", [b"\0", b"\n", CLEAN, b"\xff\xd9", b"\xff\xd8\xff", b"PLANTED"])
def test_refuses_bytes_after_the_end(behind):
    assert refused(CLEAN + behind)


def test_refuses_a_second_beginning():
    for at in PLACES.values():
        assert refused(CLEAN[:at] + b"\xff\xd8" + CLEAN[at:])
        assert refused(CLEAN[:at] + CLEAN + CLEAN[at:])


def test_refuses_a_second_frame_and_what_is_not_coded_in_eight_bits_of_huffman():
    frame = CLEAN[CLEAN.index(b"\xff\xc0") : SCAN]
    assert refused(CLEAN[:SCAN] + frame + CLEAN[SCAN:])
    for kind in (0xC3, 0xC5, 0xC9, 0xCA, 0xCB, 0xCD):
        assert refused(CLEAN.replace(b"\xff\xc0", bytes((0xFF, kind))))
    at = CLEAN.index(b"\xff\xc0")
    assert refused(CLEAN[: at + 4] + b"\x0c" + CLEAN[at + 5 :])


def test_refuses_two_of_what_may_stand_once_or_in_another_order():
    assert refused(CLEAN[:20] + JFIF + CLEAN[20:])
    assert refused(CLEAN[:56] + EXIF + CLEAN[56:])
    assert refused(CLEAN[:2] + EXIF + JFIF + CLEAN[56:])


def test_refuses_any_other_exif_jfif_or_profile():
    profiled = rebuild.rebuild(CLEAN, orientation=6, space=Space.DISPLAY_P3)
    prove(profiled, PROFILES_OF_OURS)
    begins, ends = 2, 2 + len(JFIF) + len(EXIF) + 18 + len(PROFILES[Space.DISPLAY_P3])
    exif_says_turned = 2 + len(JFIF) + 29
    for at in range(begins, ends):
        changed = profiled[:at] + bytes((profiled[at] ^ 1,)) + profiled[at + 1 :]
        assert refused(changed) or at == exif_says_turned, at


def test_refuses_tables_that_hold_more_than_tables():
    for marker, payload in ((0xDB, bytes(65) + b"more"), (0xC4, bytes(17) + b"more"), (0xDD, b"\0\0more"), (0xDB, b""), (0xC4, b"")):
        assert refused(CLEAN[:56] + segment(marker, payload) + CLEAN[56:])


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(CLEAN) - 1))
def test_refuses_what_is_cut_short(length):
    assert refused(CLEAN[:length])


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.integers(0, len(CLEAN)))
def test_never_breaks_and_never_proves_more_tables_than_the_writer_would_copy(noise, at):
    changed = CLEAN[:at] + noise + CLEAN[at:]
    try:
        prove(changed, PROFILES_OF_OURS)
    except NotProved:
        return
    rebuild.rebuild(changed, orientation=6, space=None)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("space", [None, *Space])
def test_of_a_planted_file_only_what_is_named_is_written(orientation, space):
    written = rebuild.rebuild(planted.jpeg(), orientation=orientation, space=space)
    assert prove(written, PROFILES_OF_OURS).orientation == orientation
    assert planted.MARK.encode() not in written
    assert written.count(b"\xff\xd8\xff") == 1


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60), st.integers(0, len(CLEAN)))
def test_whatever_is_rebuilt_can_be_proved_or_is_refused(noise, at):
    try:
        written = rebuild.rebuild(CLEAN[:at] + noise + CLEAN[at + len(noise) :], orientation=3, space=Space.SRGB)
        prove(written, PROFILES_OF_OURS)
    except (Malformed, NotProved):
        return
