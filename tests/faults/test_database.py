"""The database is killed, or its log's disk is full, while a card is imported: PostgreSQL with a cluster of its own."""

import os
import secrets
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from tests.factories import cards
from tests.faults import machine as machines
from tests.faults.machine import PHOTOS, STOP, Machine
from tests.servers import postgresql

pytestmark = [
    pytest.mark.slow,
    pytest.mark.goal("R2"),
    pytest.mark.goal("R7"),
    pytest.mark.requirement("D3"),
    pytest.mark.xdist_group("database"),
]
LOG = 160 << 20  # bytes of the log's own disk


class Cluster:
    """A PostgreSQL server that a test kills as it likes. `log` is the folder of its write-ahead log."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.password = folder, postgresql.free_port(), secrets.token_hex(8)
        self.log, self._how = folder / "log-disk", postgresql._as_owner(folder)

    @property
    def address(self) -> str:
        return f"postgresql://{postgresql.USER}:{self.password}@127.0.0.1:{self.port}/postgres"

    def make(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password)
        for place in (self.folder, secret, self.log):
            os.chown(place, self._how.get("user", -1), self._how.get("group", -1))
        command = ["initdb", "-k", "-D", self.folder / "data", "-X", self.log / "wal", "-U", postgresql.USER, "--pwfile", secret]
        command += ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run([postgresql.programs() / command[0], *command[1:]], check=True, **self._how)

    def start(self) -> None:
        postgresql._start(self.folder, self.port)

    def kill(self) -> None:
        """kill -9 of the server and all its children: nobody gets to write anything any more."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        found = subprocess.run(["pgrep", "-P", str(first)], check=False, capture_output=True, text=True).stdout.split()
        for pid in (first, *map(int, found)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

    def ended(self) -> bool:
        """Whether nobody answers any more."""
        command = [postgresql.programs() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(command, check=False).returncode == 2


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster whose log lies on a small disk of its own."""
    try:
        postgresql.programs()
    except SystemExit as missing:
        pytest.skip(f"not installed: {missing}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="safelight-pg-", ignore_cleanup_errors=True)))
        made = Cluster(folder)
        made.log.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={LOG}", "wal", made.log]
        if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
            cards.refuse_or_skip("a disk of its own for the log needs root")
        stack.callback(subprocess.run, ["umount", "--lazy", made.log], check=False)
        made.make()
        made.start()
        stack.callback(made.kill)
        yield made


def ended_well(said: dict, look: dict) -> bool:
    return said["imports"][-1]["status"] == 0 and look["left"] == 0 and not look["unfinished"] and look["ledger"]


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> Iterator[tuple[Cluster, Machine]]:
    with cluster() as made, machines.running(tmp_path_factory.mktemp("machine"), database=made.address) as machine:
        machine.another_card(1)
        yield made, machine


def test_a_database_that_is_killed_loses_no_photo_and_the_same_server_goes_on(both, seed, sweep, tally):
    made, machine = both
    machine.another_card(1)
    of = machine.live()["calls"]
    counts = tally("PostgreSQL killed (-9), all of it", of)
    kills = 12 if sweep else 3
    for number in range(kills):
        machine.another_card(1 + (number + 1) * PHOTOS)
        nth = 1 + (seed + number * of // kills) % of
        said = machine.live(nth, STOP, times=3)
        if not said.get("stopped"):  # one call fewer than the first time
            continue
        made.kill()
        made.start()
        said = machine.go_on()
        look = machine.look()
        counts.note(look, finished=ended_well(said, look))
        assert counts.lost == counts.early == counts.twice == 0, (nth, said, look)
        assert counts.finished == counts.runs, (nth, said, look)
    assert counts.runs >= kills - 1


@pytest.mark.goal("R8")
def test_a_full_disk_of_the_log_stops_the_database_and_no_photo_is_lost(both, tally):
    made, machine = both
    machine.another_card(1)
    of = machine.live()["calls"]
    counts = tally("PostgreSQL's log disk full", of)
    for number, nth in enumerate((of // 3, 2 * of // 3), 1):
        machine.another_card(1 + number * PHOTOS)
        assert machine.live(nth, STOP, times=1) == {"stopped": True}
        ballast = made.log / "ballast"
        with ballast.open("wb", buffering=0) as out:
            try:
                while True:
                    out.write(bytes(1 << 16))
            except OSError:
                pass
        machine.go_on()
        ballast.unlink()
        if made.ended():
            made.start()
        after = machine.look()
        said = machine.live(times=2)
        later = machine.look()
        counts.note(after, later, finished=ended_well(said, later))
        assert counts.lost == counts.early == counts.twice == 0, (nth, after, later)
        assert counts.finished == counts.runs, (nth, said, later)
