"""The parser on the writer's side: whole segments, or Malformed; bounded on anything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.factories.coded import CODED, grainy

from safelight.deidentify.covering.segments import Malformed, Marker, frame, segments

pytestmark = pytest.mark.requirement("F4")

PLAIN = CODED["4:2:0"](grainy(50, 30))
TABLES = PLAIN.index(b"\xff\xdb")
HEADER = PLAIN.index(b"\xff\xc0")


def _with(payload: bytes, at: int = TABLES) -> bytes:
    return PLAIN[:at] + payload + PLAIN[at:]


@pytest.mark.parametrize("kind", sorted(CODED))
def test_the_segments_and_their_scans_are_the_file(kind):
    data = CODED[kind](grainy(50, 30))
    parts = list(segments(data))
    again = b"\xff\xd8"
    for part in parts[:-1]:
        again += bytes((0xFF, part.marker)) + (len(part.payload) + 2).to_bytes(2, "big") + part.payload + part.coded
    assert again + b"\xff\xd9" == data
    assert parts[-1].marker == Marker.EOI
    assert parts[-1].end == len(data)


def test_says_what_the_header_says():
    found = frame(PLAIN)
    assert (found.width, found.height, found.bits, found.kind, found.adobe) == (50, 30, 8, 0xC0, None)
    assert found.unit == (16, 16)
    assert [(part.across, part.down) for part in found.components] == [(2, 2), (1, 1), (1, 1)]
    assert all(part.step > 0 for part in found.components)
    assert frame(CODED["cmyk"](grainy(50, 30))).adobe == 0
    assert frame(CODED["4:4:0"](grainy(50, 30))).unit == (8, 16)


def test_passes_over_fill_bytes():
    assert [part.marker for part in segments(_with(b"\xff\xff\xff"))] == [part.marker for part in segments(PLAIN)]


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"\xff\xd8",
        b"\x89PNG",
        _with(b"\0"),
        _with(b"\xff\xd0"),
        _with(b"\xff\xd8"),
        _with(b"\xff\x01"),
        _with(b"\xff\xe1\0\1"),
        _with(b"\xff\xe1\xff\xff")[:200],
        _with(b"\xff\xfe\0\2" * 10_001),
        PLAIN[:-2],
        PLAIN[:-40],
    ],
)
def test_refuses_what_is_out_of_form(broken):
    with pytest.raises(Malformed):
        list(segments(broken))


@pytest.mark.parametrize(
    "broken",
    [
        _with(PLAIN[HEADER : HEADER + 19], HEADER),  # two frames
        PLAIN[:HEADER] + PLAIN[HEADER + 19 :],  # none
        PLAIN[: HEADER + 5] + b"\0\0" + PLAIN[HEADER + 7 :],  # no height
        PLAIN[: HEADER + 9] + b"\4" + PLAIN[HEADER + 10 :],  # more colours than there are
        PLAIN[: HEADER + 11] + b"\x55" + PLAIN[HEADER + 12 :],  # more samples than there can be
        _with(b"\xff\xdb\0\5\0\1\1"),  # a table cut short
        _with(b"\xff\xdb\0\3\x20"),  # of no known width
        b"\xff\xd8\xff\xd9",
    ],
)
def test_refuses_a_header_that_cannot_be(broken):
    with pytest.raises(Malformed):
        frame(broken)


def test_reads_tables_of_sixteen_bits():
    wide = b"\xff\xdb\0\x83\x10" + b"\1\2" + bytes(126)
    assert frame(_with(wide, HEADER)).components[0].step == 258


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80), st.integers(0, len(PLAIN)))
def test_never_breaks(noise, at):
    for data in (noise, PLAIN[:at] + noise + PLAIN[at:], PLAIN[:at] + noise):
        try:
            list(segments(data))
            frame(data)
        except Malformed:
            continue
