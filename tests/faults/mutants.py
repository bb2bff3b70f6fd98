"""`python -m tests.faults.mutants`: break each guard in a copy of the source, and see that the sweeps find the photo that it costs.

A sweep that stays green without a guard shows nothing. Ends with 1 where a mutant was not caught, or where its place in the source is
no more; `--evidence FOLDER` writes what was found beside the report of the faults.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.shared import PROJECT

KEPT = "mutants.json"
POINTS = "tests/faults/test_points.py"


@dataclass(frozen=True)
class Mutant:
    """One guard taken away: in a file of the source, what matches the pattern becomes something else. `test` must fail.

    `shows` must be in what it says: an error of the machinery is no catch.
    """

    name: str
    file: str
    pattern: str
    becomes: str
    test: str
    shows: str = r"'lost': \['|'early': [1-9]"

    def apply(self, source: Path) -> None:
        """Raises LookupError where the pattern is not there exactly once."""
        file = source / self.file
        text, count = re.subn(self.pattern, self.becomes, file.read_text(), flags=re.MULTILINE)
        if count != 1:
            raise LookupError(f"{self.file}: {count} places match")
        file.write_text(text)


STORE = "safelight/vault/adapters/local.py"
MUTANTS = [
    Mutant("no fsync of a stored photo", STORE, r"^        os\.fsync\(handle\)\n(?=        if os\.fstat)", "", "power and ext4"),
    Mutant("no fsync of a stored photo, xfs", STORE, r"^        os\.fsync\(handle\)\n(?=        if os\.fstat)", "", "power and xfs"),
    Mutant("no fsync of a folder", STORE, r"^(def _sync_folder\(.*\n)", r"\1    return\n", "forgets_names"),
    Mutant("synchronous=NORMAL", "safelight/config/settings/base.py", "synchronous=FULL", "synchronous=NORMAL", "power and ext4"),
    Mutant("synchronous=NORMAL, xfs", "safelight/config/settings/base.py", "synchronous=FULL", "synchronous=NORMAL", "power and xfs"),
    Mutant(
        "erased before it was verified",
        "station/job.py",
        r"confirmed = self\._receipt\(announced, manifest\)",
        "confirmed = frozenset(found.line.digest for found in listing.frames)",
        "kill",
        shows="action.not_done",  # the server takes no certificate about what it has not released: no import ends
    ),
]


def caught(mutant: Mutant, stride: int) -> tuple[bool, str]:
    """Whether the test fails without the guard, and its last line."""
    with tempfile.TemporaryDirectory(prefix="safelight-mutant-") as folder:
        source = Path(folder) / "src"
        shutil.copytree(PROJECT / "src", source, ignore=shutil.ignore_patterns("__pycache__"))
        try:
            mutant.apply(source)
        except LookupError as gone:
            return False, f"its place in the source is gone: {gone}"
        command = [sys.executable, "-m", "pytest", POINTS, "-q", "-x", "--sweep", "--stride", str(stride), "-k", mutant.test]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd=PROJECT, env={**os.environ, "SAFELIGHT_MUTANT": str(source)}
        )
    said = [line for line in done.stdout.splitlines() if line.startswith("E ")]
    shown = [line[1:].strip()[:160] for line in said if re.search(mutant.shows, line)]
    if done.returncode == 1 and shown:
        return True, shown[0]
    return False, said[0][1:].strip()[:160] if said else done.stdout.strip()[-160:] + done.stderr.strip()[-160:]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.mutants", description="Take each guard away and see it missed.")
    parser.add_argument("--evidence", type=Path, help="the folder of the report")
    parser.add_argument("--stride", type=int, default=3, help="take every Nth point of the sweep only")
    parser.add_argument("-k", dest="only", default="", help="mutants with this in their name")
    given = parser.parse_args()
    found: dict[str, dict[str, str]] = {}
    for mutant in MUTANTS:
        if given.only in mutant.name:
            is_caught, why = caught(mutant, given.stride)
            print(f"{'caught' if is_caught else 'NOT CAUGHT'}: {mutant.name}: {why}", flush=True)
            at = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
            found[mutant.name] = {"caught": "yes" if is_caught else "NO", "at": at}
    if given.evidence:
        from tests.faults.evidence import Evidence

        kept = given.evidence / KEPT
        given.evidence.mkdir(parents=True, exist_ok=True)
        before = json.loads(kept.read_text()) if kept.exists() else {}
        kept.write_text(json.dumps(before | found, indent=1, sort_keys=True) + "\n")
        Evidence(given.evidence).write(always=True)
    return int(any(one["caught"] == "NO" for one in found.values()))


if __name__ == "__main__":
    sys.exit(main())
