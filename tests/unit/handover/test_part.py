"""A part of a card that is still being read: written in one form, read strictly."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from handover.canonical import Malformed, write
from handover.kinds import FrameKind
from handover.manifest import FrameLine
from handover.part import MOST_BYTES, MOST_FRAMES, CardPart, PartLine

STATION = UUID(int=3)
FRAME = {"sha256": "a" * 64, "size": 5, "kind": "jpeg", "ending": "jpg"}


def _line(digest: str, file: str = "IMG_0001.JPG") -> FrameLine:
    modified = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
    return FrameLine(folder="100CANON", file=file, size=5, digest=digest, kind=FrameKind.JPEG, modified=modified)


def _said(**changed: object) -> bytes:
    said = {"version": 2, "station": str(STATION), "volume": "1234-ABCD", "on_card": 900, "frames": [FRAME]}
    return write(said | changed)


def test_a_part_reads_as_it_was_written_and_says_no_name():
    part = CardPart.of(
        [_line("b" * 64), _line("a" * 64, "IMG_0002.JPG"), _line("b" * 64, "IMG_0003.JPG")],
        station=STATION,
        volume="1234-ABCD",
        on_card=900,
    )
    assert part.frames == tuple(PartLine(digest=one * 64, size=5, kind=FrameKind.JPEG, ending="jpg") for one in "ab")
    assert CardPart.parse(part.written()) == part
    assert b"IMG" not in part.written()
    assert b"100CANON" not in part.written()
    assert (CardPart.parse(_said()).volume, CardPart.parse(_said()).on_card) == ("1234-ABCD", 900)


def test_as_many_frames_as_a_part_may_have_fit_into_it():
    lines = [_line(f"{number:064x}") for number in range(MOST_FRAMES)]
    part = CardPart.of(lines, station=STATION, volume="1234-ABCD", on_card=1 << 40)
    assert len(CardPart.parse(part.written()).frames) == MOST_FRAMES
    assert len(part.written()) < MOST_BYTES
    with pytest.raises(Malformed):
        CardPart.parse(CardPart.of([*lines, _line("f" * 64)], station=STATION, volume="1234-ABCD", on_card=1).written())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        _said(version=1),
        _said(station="nobody"),
        _said(on_card=-1),
        _said(volume=None),
        _said(volume="V" * 81),
        _said(frames=[]),
        _said(frames={}),
        _said(frames=[{"sha256": "a" * 64, "size": 5, "kind": "jpeg"}]),
        _said(frames=[FRAME | {"sha256": "A" * 64}]),
        _said(frames=[FRAME | {"kind": "gif"}]),
        _said(frames=[FRAME | {"ending": "JPG"}]),
        _said(frames=[FRAME | {"ending": "nef"}]),
        _said(frames=[FRAME | {"ending": "jpg/../x"}]),
        _said(frames=[FRAME | {"sha256": one * 64} for one in "ba"]),
        _said(frames=[FRAME] * 2),
        _said(more="x"),
        _said() + b"\n",
        b" " * MOST_BYTES + _said(),
    ],
)
def test_anything_else_is_refused(raw):
    with pytest.raises(Malformed):
        CardPart.parse(raw)
