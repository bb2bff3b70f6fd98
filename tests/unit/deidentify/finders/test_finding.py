"""What the finders see in whole photographs, behind their walls: in stages, and upright whatever way the camera was held."""

import json
import math

import pytest
from PIL import Image
from tests.factories.heic import heic
from tests.factories.labelled import LINES, labelled, stored, wristband
from tests.factories.pictures import BODY, TAKEN, scene

from safelight.config.command import main
from safelight.config.settings import base
from safelight.deidentify import finding
from safelight.deidentify.boxes import Kind, Stage
from safelight.deidentify.finders.asking import FINDERS, LIMITS, Lookers
from safelight.kernel.errors import Unavailable
from safelight.photographs.pictures import Kind as FileKind
from safelight.photographs.pictures import drawn, sandbox

pytestmark = [pytest.mark.slow, pytest.mark.requirement("F1"), pytest.mark.xdist_group("finders")]

PHOTO = labelled(size=(1000, 750), font=32)


@pytest.fixture(scope="module")
def lookers():
    made = Lookers(LIMITS)
    yield made
    made.close()


@pytest.fixture(scope="module")
def quick():
    """With the finder of barcodes alone: for what every finder is given, not for what each makes of it."""
    made = Lookers(LIMITS, FINDERS[-1:])
    yield made
    made.close()


def _stages(lookers: Lookers, data: bytes, kind: FileKind = FileKind.JPEG) -> list[Stage]:
    return [step.stage for step in lookers.look(data, kind)]


def _inside(box, edges, size, slack=40) -> bool:
    x0, y0, x1, y1 = box.pixels(*size)
    return x0 >= edges[0] - slack and y0 >= edges[1] - slack and x1 <= edges[2] + slack and y1 <= edges[3] + slack


@pytest.mark.parametrize("orientation", [1, 6])
def test_boxes_are_upright_whatever_way_the_camera_was_held(lookers, orientation):
    stages = _stages(lookers, stored(PHOTO.shown, orientation))
    size = PHOTO.shown.size
    assert {(stage.width, stage.height) for stage in stages} == {size}
    texts = [found for stage in stages for found in stage.found if found.kind is Kind.TEXT]
    for line in LINES:
        assert any(found.text.replace(" ", "") == line.replace(" ", "") and _inside(found.box, PHOTO.label, size) for found in texts), line
    [symbol] = [found for stage in stages for found in stage.found if found.kind is Kind.BARCODE and not found.low]
    assert symbol.text == "Y1234567"
    x0, y0, x1, y1 = symbol.box.pixels(*size)
    margin = 4 * 6  # the quiet zone of the drawn symbol
    assert x0 <= PHOTO.symbol[0] + margin
    assert y0 <= PHOTO.symbol[1] + margin
    assert x1 >= PHOTO.symbol[2] - margin
    assert y1 >= PHOTO.symbol[3] - margin


@pytest.fixture
def _as_installed(settings):
    """The finders of an installation: tests elsewhere look with fewer."""
    settings.SAFELIGHT_FINDERS = base.SAFELIGHT_FINDERS
    sandbox.close_shared()
    yield
    sandbox.close_shared()


@pytest.mark.usefixtures("_as_installed")
def test_stages_come_quickest_first_and_the_last_says_so():
    assert base.SAFELIGHT_FINDERS == FINDERS
    stages = list(finding.look(stored(PHOTO.shown), kind=FileKind.JPEG))
    assert [stage.name for stage in stages] == ["faces", "text", "barcodes", "text-close", "metadata"]
    assert [stage.done for stage in stages] == [False] * 4 + [True]
    assert not any(stage.failed for stage in stages)
    half, whole = finding.look_again(stored(PHOTO.shown), covered=())
    assert {found.kind for found in half} >= {Kind.TEXT, Kind.BARCODE}
    assert set(half) <= set(whole)


@pytest.mark.parametrize("size", [(1, 1), (5, 3), (20, 3000), (3000, 20)])
def test_finders_bear_odd_sizes(lookers, size):
    assert [stage.name for stage in _stages(lookers, stored(Image.new("RGB", size))) if stage.failed] == []


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (heic("quartered"), FileKind.HEIC),
        (drawn.raw(scene(), BODY, TAKEN, ending="cr2"), FileKind.CR2),
        (stored(PHOTO.shown.resize((300, 200)), form="PNG"), FileKind.PNG),
        (stored(PHOTO.shown.resize((300, 200)), form="TIFF"), FileKind.TIFF),
        (stored(PHOTO.shown.resize((300, 200)).convert("CMYK")), FileKind.JPEG),
        (stored(PHOTO.shown.resize((300, 200)).convert("L")), FileKind.JPEG),
        (stored(Image.new("RGB", (1, 1))), FileKind.JPEG),
        (stored(Image.new("RGB", (20, 3000))), FileKind.JPEG),
    ],
    ids=["heic", "raw", "png", "tiff", "cmyk", "grey", "tiny", "strip"],
)
def test_looks_at_every_kind_of_photo(quick, data, kind):
    assert [stage.name for stage in _stages(quick, data, kind) if stage.failed] == []


@pytest.mark.parametrize("degrees", [0, 25, 45, 70, 160])
def test_reads_a_wristband_at_any_angle_and_its_box_holds_all_bars(quick, degrees):
    [stage] = [one for one in _stages(quick, stored(wristband("S599093029", degrees))) if one.name == "barcodes"]
    [bars] = [found for found in stage.found if not found.low]
    assert bars.text == "S599093029"
    x0, y0, x1, y1 = bars.box.pixels(2400, 1800)
    assert x0 <= 1200 <= x1
    assert y0 <= 900 <= y1
    long = 400 * abs(math.cos(math.radians(degrees))), 400 * abs(math.sin(math.radians(degrees)))
    assert x1 - x0 >= long[0]
    assert y1 - y0 >= long[1]


def test_a_finder_that_fails_on_a_finished_copy_is_no_clean_copy():
    with pytest.raises(Unavailable):
        next(finding.look_again(b"\xff\xd8\xff no picture", covered=()))


def test_scans_files_and_says_in_words_what_cannot_be_read(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "nothing.of.the.kind")
    good, bad, absent = tmp_path / "label.jpg", tmp_path / "bad.jpg", tmp_path / "absent.jpg"
    good.write_bytes(stored(labelled(size=(1000, 750), font=32).shown))
    bad.write_bytes(good.read_bytes()[:700])
    assert main(["deidentify", "scan", "--json", str(bad), str(absent), str(good)]) == 1
    broken, missing, scanned = map(json.loads, capsys.readouterr().out.splitlines())
    assert broken == {"file": str(bad), "error": "This photo is damaged and cannot be shown."}
    assert missing == {"file": str(absent), "error": "This file cannot be read: No such file or directory."}
    assert (scanned["file"], scanned["size"]) == (str(good), [1000, 750])
    assert scanned["cpu_seconds"] > 0
    for found in scanned["findings"]:
        assert set(found) == {"kind", "box", "confidence", "text"}
        assert (found["box"] is None) == (found["kind"] == "metadata")
    assert any("999 420 5005" in found["text"] for found in scanned["findings"])


def test_scan_writes_nothing_but_its_answer(tmp_path, capfd):
    file = tmp_path / "small.png"
    file.write_bytes(stored(Image.new("RGB", (200, 100), "white"), form="PNG"))
    assert main(["deidentify", "scan", "--json", str(file)]) == 0
    said = capfd.readouterr()
    assert (len(said.out.splitlines()), said.err) == (1, "")
