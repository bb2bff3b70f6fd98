"""Compiles the decoder of large photos: `python -m safelight.photographs.pictures.quarter.build`, which `make assets` runs.

Where there is no C compiler nothing is built, and a library draws those photos in half as much time again.
Plain Python, for it runs while a wheel is being built, where nothing is installed.
"""

import os
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE, BUILT = HERE / "quarter.c", HERE / "built" / "quarter.so"
# An index that leaves its table ends the process at once, as a return to another place than the caller's does.
GUARDS = ("-fsanitize=bounds-strict", "-fsanitize-undefined-trap-on-error", "-fstack-protector-strong")


def build() -> bool:
    """Build what is missing or older than its source. True when something was built."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None or (BUILT.exists() and BUILT.stat().st_mtime >= SOURCE.stat().st_mtime):
        return False
    BUILT.parent.mkdir(exist_ok=True)
    part = BUILT.with_suffix(".part")
    asked = [compiler, "-O3", "-std=gnu11", "-fPIC", "-shared", *GUARDS, "-o", str(part), str(SOURCE)]
    done = subprocess.run(asked, check=False, capture_output=True)
    if done.returncode:
        return False
    part.replace(BUILT)
    return True


if __name__ == "__main__":
    print("Compiled the decoder of large photos." if build() else "The decoder of large photos is as it was.")  # noqa: T201 - what a command prints is its answer
