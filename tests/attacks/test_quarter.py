"""The decoder in C under the compiler's sanitizers: no byte is read or written where it may not be, whatever a file says.

What Python checks before it is not asked here: the decoder holds its bounds by itself.
"""

import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
from tests.factories.coded import CODED, grainy

from safelight.photographs.pictures.quarter import build
from safelight.photographs.pictures.quarter.headers import Headers

pytestmark = [pytest.mark.requirement("D9"), pytest.mark.goal("S6")]

ROUNDS = 500
HARNESS = Path(__file__).with_name("quarter_in_danger.c")
SANITIZED = ("-g", "-O1", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")


def compiled(source: Path, folder: Path) -> Path:
    made = folder / "harness"
    subprocess.run(["cc", *SANITIZED, f'-DQUARTER="{source}"', "-o", str(made), str(HARNESS)], check=True)
    return made


@pytest.fixture(scope="module")
def harness(tmp_path_factory):
    return compiled(build.SOURCE, tmp_path_factory.mktemp("quarter"))


def as_case(coded: bytes) -> bytes:
    said = Headers().read(memoryview(coded))
    first = said.parts[0]
    across, down = -(-said.width // (8 * first.across)), -(-said.height // (8 * first.down))
    parts = [(part.across, part.down, part.direct, part.alternating) for part in said.parts]
    numbers = (across, down, said.restart, len(parts), *np.ravel((parts * 3)[:3]))
    return struct.pack("<16i", *numbers) + bytes(said.counts) + bytes(said.symbols) + coded[said.scan :]


@pytest.mark.parametrize("how", ["4:2:0", "4:2:2", "4:4:4", "optimised", "restarts", "grey"])
def test_no_bound_is_overstepped(how, harness, tmp_path):
    case = tmp_path / "case"
    case.write_bytes(as_case(CODED[how](grainy(101, 83))))
    done = subprocess.run([str(harness), str(case), str(ROUNDS), "1"], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert ROUNDS // 30 < int(done.stdout) < ROUNDS  # some were still sound, most were not


def test_the_sanitizers_would_say_so(tmp_path):
    """The same harness with a decoder that looks one byte further."""
    worse, case = tmp_path / "quarter.c", tmp_path / "case"
    worse.write_text(build.SOURCE.read_text().replace("scan->end - scan->at >= 8", "scan->end - scan->at >= 7"))
    case.write_bytes(as_case(CODED["4:2:0"](grainy(101, 83))))
    done = subprocess.run([str(compiled(worse, tmp_path)), str(case), str(ROUNDS), "1"], check=False, capture_output=True, text=True)
    assert "AddressSanitizer" in done.stderr
