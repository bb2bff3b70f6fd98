"""A witness that is away, full or slow loses no checkpoint, and never makes an honest history look like a forged one."""

import inspect
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from tests.shared import PROJECT

from safelight.audit.action import action, state
from safelight.audit.adapters.folder import AnotherHistory, FolderWitness, WitnessAway
from safelight.audit.models import Checkpoint
from safelight.config import tasks
from safelight.kernel.actor import OPERATOR, Actor
from safelight.kernel.facts import Fact

pytestmark = [pytest.mark.requirement("I4"), pytest.mark.goal("S5")]
GIVE = inspect.unwrap(tasks.sign_and_give)
NOTE = "safelight.test\n7\ncm9vdA==\n\n— safelight.test c2lnbmF0dXJl\n"
KEEP_ON_A_FULL_SHARE = """
import resource, sys
from pathlib import Path
from safelight.audit.adapters.folder import FolderWitness, WitnessAway
resource.setrlimit(resource.RLIMIT_FSIZE, (9, 9))
try:
    FolderWitness(folder=Path(sys.argv[1])).keep(size=7, note=sys.argv[2])
except WitnessAway:
    sys.exit(75)
"""


@action
def note_something(*, by: Actor, now: datetime) -> None:
    state(Fact())


@pytest.fixture
def witness(tmp_path):
    return FolderWitness(folder=tmp_path / "witness")


def test_a_full_share_keeps_no_half_of_a_checkpoint(witness):
    command = [sys.executable, "-c", KEEP_ON_A_FULL_SHARE, str(witness.folder), NOTE]
    done = subprocess.run(command, env={"PYTHONPATH": str(PROJECT / "src")}, capture_output=True, text=True, check=False)
    assert (done.returncode, list(witness.folder.iterdir())) == (75, []), done.stderr
    witness.keep(size=7, note=NOTE)
    assert [file.read_text() for file in witness.folder.iterdir()] == [NOTE]


def test_a_checkpoint_is_kept_once_and_for_reading_only(witness):
    witness.keep(size=7, note=NOTE)
    witness.keep(size=7, note=NOTE)
    [file] = witness.folder.iterdir()
    assert (file.name, file.stat().st_mode & 0o777, file.stat().st_nlink) == ("000000000007.checkpoint", 0o444, 1)
    with pytest.raises(AnotherHistory):
        witness.keep(size=7, note=NOTE.replace("cm9vdA", "cm9vdB"))


@pytest.mark.django_db
def test_a_witness_that_was_away_has_the_checkpoint_once_it_is_back(settings, tmp_path):
    settings.SAFELIGHT_LEDGER_KEY = tmp_path / "ledger.seed"
    settings.SAFELIGHT_LEDGER_KEY.write_bytes(bytes(32))
    settings.SAFELIGHT_LEDGER_KEY.chmod(0o600)
    share = tmp_path / "share"
    share.write_text("nothing is mounted here")
    settings.SAFELIGHT_WITNESSES = [{"adapter": "safelight.audit.adapters.folder.FolderWitness", "folder": share / "ours"}]
    note_something(by=OPERATOR, now=datetime(2026, 11, 24, 9, 41, tzinfo=UTC))
    for _ in range(2):  # it is told each time, not only while the checkpoint is new
        with pytest.raises(WitnessAway):
            GIVE("now")
    share.unlink()
    GIVE("now")
    assert [file.read_text() for file in (share / "ours").iterdir()] == [Checkpoint.objects.get().note]
