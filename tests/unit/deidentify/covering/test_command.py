"""`safelight deidentify cover`: a file, by itself."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.factories import planted
from tests.factories.pictures import photo
from tests.shared import PROJECT

from safelight.config.command import BAD, FINE, USAGE, main

pytestmark = pytest.mark.requirement("F4")


def _cover(file: Path, out: Path, boxes: str = "[[10, 20, 110.5, 90]]") -> int:
    return main(["deidentify", "cover", str(file), "--boxes", boxes, "--out", str(out)])


def test_runs_without_settings_server_or_database(tmp_path):
    file, out = tmp_path / planted.NAME, tmp_path / "copy.jpg"
    file.write_bytes(planted.jpeg())
    done = subprocess.run(
        [sys.executable, "-m", "safelight.config.command", "deidentify", "cover", file, "--boxes", "[[10,20,110,90]]", "--out", out],
        env={"PYTHONPATH": str(PROJECT / "src"), "PATH": ""},
        capture_output=True,
        check=True,
        timeout=60,
    )
    said = json.loads(done.stdout)
    assert said["how"] == "unchanged outside the boxes"
    assert planted.left({"copy": out.read_bytes()}) == []


def test_takes_boxes_in_pixels_of_the_upright_photo(tmp_path, capsys):
    file, out = tmp_path / "one.jpg", tmp_path / "copy.jpg"
    file.write_bytes(photo(2, orientation=6))
    assert _cover(file, out) == FINE
    said = json.loads(capsys.readouterr().out)
    assert said["size"] == [800, 1200]
    ((x0, y0, x1, y1),) = said["boxes"]
    assert x0 <= 10
    assert y0 <= 20
    assert x1 >= 111
    assert y1 >= 90


@pytest.mark.parametrize("boxes", ["[[1,2,3]]", "boxes", "[[5000,5000,6000,6000]]", "[[9,9,9,9]]", '{"a": 1}'])
def test_says_what_is_wrong_with_the_boxes(tmp_path, capsys, boxes):
    file, out = tmp_path / "one.jpg", tmp_path / "copy.jpg"
    file.write_bytes(photo(2))
    assert _cover(file, out, boxes) == USAGE
    assert "box" in capsys.readouterr().err
    assert not out.exists()


def test_says_why_there_is_no_copy(tmp_path, capsys):
    file, out = tmp_path / "one.jpg", tmp_path / "copy.jpg"
    file.write_bytes(b"no photo")
    assert _cover(file, out) == BAD
    assert "can be copied" in capsys.readouterr().err
    assert _cover(tmp_path / "missing.jpg", out) == BAD
    assert "missing.jpg" in capsys.readouterr().err
    assert not out.exists()


def test_never_replaces_the_photo_itself(tmp_path, capsys):
    file, beside = tmp_path / "one.jpg", tmp_path / "beside.jpg"
    file.write_bytes(photo(2))
    beside.symlink_to(file)
    assert _cover(file, beside) == BAD
    assert "beside.jpg: this is the photo itself" in capsys.readouterr().err
    assert file.read_bytes() == photo(2)


def test_knows_a_raw_file_by_its_name(tmp_path, capsys):
    file = tmp_path / "one.nef"
    file.write_bytes(planted.raw("nef"))
    assert _cover(file, tmp_path / "copy.jpg") == FINE
    assert json.loads(capsys.readouterr().out)["size"] == [800, 1200]
    assert planted.left({"copy": (tmp_path / "copy.jpg").read_bytes()}) == []
