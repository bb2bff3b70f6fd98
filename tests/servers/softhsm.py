"""A token of SoftHSM in a folder of its own: a hardware security module in software, behind the same PKCS#11 library calls."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
TOKEN, PIN = "safelight", "1234"
REQUIRED = "SAFELIGHT_CORPUS_REQUIRED"


def needed() -> None:
    """Skip where it is not installed, but where everything is required."""
    if MODULE.exists() and shutil.which("softhsm2-util"):
        return
    if os.environ.get(REQUIRED):
        pytest.fail("not installed: softhsm2")
    pytest.skip("not installed: softhsm2")


def make_token(folder: Path) -> dict[str, str]:
    """Lay out a token below `folder`; returns what the adapter is told. The library reads SOFTHSM2_CONF once a process."""
    (folder / "tokens").mkdir(parents=True)
    configuration = folder / "softhsm2.conf"
    configuration.write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", TOKEN, "--pin", PIN, "--so-pin", PIN],
        check=True,
        capture_output=True,
    )
    return {"module": str(MODULE), "token": TOKEN, "pin": PIN}
