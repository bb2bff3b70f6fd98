"""Where the project lies, and the photographs with known truth: outside it, named by SAFELIGHT_SHARED. What names a second database."""

import os
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
ANOTHER_DATABASE = "SAFELIGHT_TEST_DATABASE"  # set where the tests run a second time, on a PostgreSQL server
SHARED = Path(os.environ.get("SAFELIGHT_SHARED", PROJECT.parent / "shared"))


def shared_folder(name: str) -> Path:
    """A folder of test pictures. Skips where it is missing, and fails where SAFELIGHT_CORPUS_REQUIRED=1 says that it must be there."""
    folder = SHARED / name
    if folder.is_dir():
        return folder
    if os.environ.get("SAFELIGHT_CORPUS_REQUIRED") == "1":
        pytest.fail(f"the folder {name} of the shared test pictures is required and missing")
    pytest.skip(f"the folder {name} of the shared test pictures is not here")
