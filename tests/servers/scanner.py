"""A real virus scanner, clamd, on a socket in a folder of its own, with two signatures of the tests: EICAR's, and a word's."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# The file that every scanner knows, in two halves: whole, it would be found in this file too.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*").encode()
MARKER = b"SAFELIGHT-TEST-" + b"VIRUS-MARKER"
LARGEST_MIB = 2
REQUIRED = "SAFELIGHT_CORPUS_REQUIRED"
PATIENCE = 60.0
CONFIGURATION = """\
Foreground yes
DatabaseDirectory {folder}/signatures
LocalSocket {folder}/clamd.ctl
StreamMaxLength {largest}M
AlertExceedsMax yes
MaxThreads 2
"""


def needed() -> None:
    """Skip where it is not installed, but where everything is required."""
    if shutil.which("clamd"):
        return
    if os.environ.get(REQUIRED):
        pytest.fail("not installed: clamav-daemon")
    pytest.skip("not installed: clamav-daemon")


@contextmanager
def running() -> Iterator[Path]:
    """The scanner's socket until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="safelight-scanner-"))
    (folder / "signatures").mkdir()
    signatures = f"Safelight.Test.Marker:0:*:{MARKER.hex()}\nEicar-Test-Signature:0:0:{EICAR.hex()}\n"
    (folder / "signatures" / "test.ndb").write_text(signatures)
    (folder / "clamd.conf").write_text(CONFIGURATION.format(folder=folder, largest=LARGEST_MIB))
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(["clamd", "-c", folder / "clamd.conf"], **quiet)
    try:
        deadline = time.monotonic() + PATIENCE
        while not (folder / "clamd.ctl").exists():
            assert process.poll() is None, f"the scanner ended with {process.returncode}"
            assert time.monotonic() < deadline, "the scanner does not answer"
            time.sleep(0.02)
        yield folder / "clamd.ctl"
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)
