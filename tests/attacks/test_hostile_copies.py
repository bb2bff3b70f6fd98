"""Pictures made to crash, hang or fill whoever opens them, through covering and through reading what they carry."""

import csv
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from tests.factories.pictures import BOMBS, bomb
from tests.shared import shared_folder

from safelight.deidentify import covering
from safelight.deidentify.boxes import Box
from safelight.deidentify.covering import Why
from safelight.deidentify.covering.asking import Coverers
from safelight.deidentify.covering.framing import Request, Task
from safelight.photographs.pictures import HEAD, Kind, recognise
from safelight.photographs.pictures.sandbox import Limits

pytestmark = [
    *(pytest.mark.requirement("D9"), pytest.mark.requirement("F4"), pytest.mark.goal("S6")),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="no database has a part in this: it is shown once"),
]

SECONDS = 10.5
BOXES = (Box(0.1, 0.1, 0.3, 0.3),)


def _files(share: int) -> Iterator[tuple[str, bytes, Kind]]:
    folder = shared_folder("bad-images")
    with (folder / "MANIFEST.csv").open() as manifest:
        rows = list(csv.DictReader(manifest))
    for row in rows[::share]:
        data = (folder / row["file"]).read_bytes()
        kind = recognise(name=row["file"], head=data[:HEAD], size=len(data))
        yield row["file"], data, kind if isinstance(kind, Kind) else Kind.JPEG


def _try(name: str, data: bytes, kind: Kind) -> Why | None:
    """Cover a file and read what it carries: in time, and with words where there is no copy."""
    why = None
    for work in (lambda: covering.cover(data, BOXES, kind=kind), lambda: covering.carried(data, kind=kind)):
        began = time.monotonic()
        try:
            work()
        except covering.CannotCover as refusal:
            why = why or refusal.reason
        assert time.monotonic() - began < SECONDS, name
    assert why is None or why.says.endswith("."), name
    return why


def _sweep(share: int) -> int:
    refused = 0
    for name, data, kind in _files(share):
        why = _try(name, data, kind)
        assert why is not Why.STOPPED, name
        refused += why is not None
    return refused


def test_one_in_eight_of_the_collection_is_covered_or_refused_in_words():
    assert _sweep(8) > 30


@pytest.fixture
def every_file(request: pytest.FixtureRequest) -> None:
    """Half a minute: for `make faults`, and for who asks for slow tests."""
    if not request.config.getoption("--sweep", default=False) and "slow" not in request.config.option.markexpr:
        pytest.skip("one file in eight is enough each time: --sweep, or -m slow")


@pytest.mark.slow
def test_each_file_of_the_collection_is_covered_or_refused_in_words(every_file):
    assert _sweep(1) > 300


@pytest.mark.parametrize("name", BOMBS)
def test_does_not_go_off(name):
    data = bomb(name)
    kind = recognise(name=name, head=data[:HEAD], size=len(data))
    assert _try(name, data, kind) in {None, Why.TOO_MANY_PIXELS, Why.DAMAGED, Why.TOO_MUCH_MEMORY, Why.TOO_SLOW}


@pytest.mark.slow
def test_no_worker_takes_more_than_a_gibibyte(every_file):
    coverers = Coverers(Limits(workers=1, files_a_worker=10_000))
    try:
        for _, data, kind in _files(1):
            if data:
                asked = Request(task=Task.COVER, length=len(data), kind=kind, boxes=((0.1, 0.1, 0.3, 0.3),), lossless=False)
                try:
                    coverers.copy(data, asked)
                except covering.CannotCover:
                    continue
        with coverers._worker() as worker:
            status = Path(f"/proc/{worker._process.pid}/status").read_text()
    finally:
        coverers.close()
    (peak,) = (int(line.split()[1]) for line in status.splitlines() if line.startswith("VmPeak"))
    assert peak <= 2**20  # KiB


@pytest.mark.parametrize("behind", [b"<html><script>alert(1)</script>", b"PK\x03\x04", b"\x7fELF"])
def test_nothing_of_a_polyglot_goes_on(behind):
    from tests.factories.pictures import photo

    assert behind not in covering.cover(photo() + behind, BOXES).data


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", Why.EMPTY),
        (b"<svg/>", Why.NOT_A_PHOTO),
        (b"\0\0\0\x18ftypmp42" + bytes(64), Why.VIDEO),
        (b"\xff\xd8\xff\xe0", Why.DAMAGED),
        (b"\xff\xd8\xff" + bytes(65 * 2**20), Why.TOO_LARGE),
    ],
)
def test_says_why_there_is_no_copy(data, why):
    with pytest.raises(covering.CannotCover) as refusal:
        covering.cover(data, BOXES)
    assert refusal.value.reason is why
    assert refusal.value.says == why.says


def test_refuses_more_boxes_than_can_be_drawn():
    with pytest.raises(covering.CannotCover):
        covering.cover(b"\xff\xd8\xff", BOXES * 501)
