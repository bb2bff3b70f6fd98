"""A whole site on loopback: web server and worker as the product starts them, on the database and the folder of the running test."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
from django.conf import settings
from tests.servers.postgresql import free_port
from tests.servers.worker import Started, environment, started
from tests.shared import PROJECT

from safelight.audit.keys import make_seed
from safelight.custody.actions.make_enrolment_code import make_enrolment_code
from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR
from safelight.kernel.digest import Digest
from safelight.vault import chosen, upkeep
from safelight.vault.belonging import IDENTITY

PATIENCE = 60.0
CODE = "TEST-CODE"


class Site:
    """Processes of one site. `station` is the folder of a station that was enrolled through the real door."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.web: Started | None = None
        self.worker: Started | None = None
        self.station = folder / "station"
        self._log = (folder / "site.log").open("ab")
        self._again_at, self._pause = 0.0, 0.5

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return (self.folder / "site.log").read_text()

    def start_web(self) -> None:
        """Start the web server, if it does not run, and wait until it answers."""
        if self.web is None or self.web.poll() is not None:
            self.web = self._run("safelight.config.command", "web", "--listen", f"127.0.0.1:{self.port}")
        deadline = time.monotonic() + PATIENCE
        with httpx.Client(timeout=5, trust_env=False) as client:  # one: each reads the machine's authorities
            while time.monotonic() < deadline:
                try:
                    client.get(f"{self.address}/station/v1/hello")
                except httpx.TransportError:
                    assert self.web.poll() is None, self.log
                    time.sleep(0.05)
                else:
                    return
        raise AssertionError(f"the web server does not answer\n{self.log}")

    def start_worker(self) -> None:
        """Start the worker, if it does not run. It serves by itself when it is ready."""
        if self.worker is None or self.worker.poll() is not None:
            self.worker = self._run("safelight.config.command", "worker", "--name", f"worker-{self.port}")

    def look_after_worker(self) -> None:
        """Start the worker again where it has ended, with a growing pause, as the supervisor of a site does."""
        if self.worker is None or self.worker.poll() is None or time.monotonic() < self._again_at:
            return
        self._log.write(f"the worker ended with {self.worker.returncode}\n".encode())
        self._log.flush()
        self._again_at, self._pause = time.monotonic() + self._pause, min(2 * self._pause, 30.0)
        self.start_worker()

    def kill_web(self) -> None:
        """kill -9 of the server and its children: nobody gets to say good-bye."""
        if self.web is not None and self.web.poll() is None:
            os.killpg(self.web.pid, signal.SIGKILL)
            self.web.wait(20)

    def kill_worker(self) -> None:
        if self.worker is not None and self.worker.poll() is None:
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait(20)

    def enrol(self) -> None:
        """Enrol the station by a one-time code."""
        make_enrolment_code(by=OPERATOR, code_digest=Digest.of(CODE.encode()), now=clock.now(), new_id=uuid4())
        done = self.run_station("enrol", self.address, CODE, "--name", "Import PC, Burns 2")
        assert done.returncode == 0, done.stderr

    def start_station(self, *arguments: str | Path, wrapped_in: tuple[str, ...] = (), **more: str) -> subprocess.Popen[str]:
        """The station's program, as a process of its own."""
        command = [*wrapped_in, sys.executable, "-m", "station.command", "--home", str(self.station), *map(str, arguments)]
        return subprocess.Popen(
            command, env=environment(**more), cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def run_station(self, *arguments: str | Path, wrapped_in: tuple[str, ...] = (), **more: str) -> subprocess.CompletedProcess[str]:
        process = self.start_station(*arguments, wrapped_in=wrapped_in, **more)
        out, err = process.communicate(timeout=180)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def bring(self, card: Path, **how) -> tuple[int, dict]:
        """Import a card by hand: exit status and what `--json` prints."""
        done = self.run_station("import", card, "--json", **how)
        return done.returncode, json.loads(done.stdout) if done.stdout else {"stderr": done.stderr}

    def end(self) -> None:
        self.kill_web()
        self.kill_worker()
        self._log.close()

    def _run(self, module: str, *arguments: str) -> Started:
        return started(module, *arguments, log=self.folder / "site.log", alone=True)


def make_keys() -> None:
    """The keys of the running test's folder, whose store belongs to no database yet: that of the test before was emptied."""
    upkeep.make_keys()
    chosen.store().purge(IDENTITY)
    for seed in (settings.SAFELIGHT_LEDGER_KEY, settings.SAFELIGHT_RECEIPT_KEY):
        if not Path(seed).exists():
            make_seed(Path(seed))


@contextmanager
def running(*, worker: bool = True) -> Iterator[Site]:
    """A site with an enrolled station, for the length of a block; its processes are ended by their ids afterwards."""
    make_keys()
    with tempfile.TemporaryDirectory(prefix="safelight-site-") as folder:
        site = Site(Path(folder))
        try:
            site.start_web()
            if worker:
                site.start_worker()
            site.enrol()
            yield site
        finally:
            site.end()
