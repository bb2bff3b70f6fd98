"""A real worker process on the database of the running test: killed, frozen and started again as a test likes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from tests.servers import forked
from tests.shared import PROJECT

Started = subprocess.Popen[str] | forked.Forked
READY = "worker ready"
FROZEN_AFTER = 15.0  # seconds; asking every two, a living worker on a slow machine is not taken for a frozen one


@dataclass
class Worker:
    """One worker process. `modules` are imported before it serves: they define the flows."""

    process: Started

    def kill(self) -> None:
        """kill -9."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def freeze(self) -> None:
        """As a machine that stops in the middle: its connections stay open, and nothing answers."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.process.send_signal(signal.SIGCONT)


def environment(**more: str) -> dict[str, str]:
    """The environment of a process that works on the database and the folder of the running test."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "safelight.config.settings.test",
        "SAFELIGHT_TEST_FOLDER": str(settings.SAFELIGHT_TEST_FOLDER),
        "SAFELIGHT_TEST_NAME": str(connection.settings_dict["NAME"]),
        "SAFELIGHT_TEST_SECRET": settings.SECRET_KEY,  # web sessions outlive a server
        "PYTHONPATH": str(PROJECT),
        **more,
    }


def start(*modules: str, name: str = "worker", queues: str = "frames=2,scan=2,clock=1", log: Path | None = None, **more: str) -> Worker:
    """Start a worker and wait until it serves. `log` takes what it says of its troubles."""
    begun = begin(*modules, name=name, queues=queues, log=log, **more)
    assert begun.process.stdout
    for line in begun.process.stdout:
        if READY in line:
            return begun
    raise AssertionError(f"the worker ended with {begun.process.wait()} before it was ready")


def begin(*modules: str, name: str = "worker", queues: str = "frames=2,scan=2,clock=1", log: Path | None = None, **more: str) -> Worker:
    """Start a worker that may have to wait before it serves."""
    return Worker(_begun(*modules, name=name, queues=queues, log=log, **more))


def one_life(*modules: str, seconds: float = 90.0, name: str = "worker") -> int:
    """Start a worker that something kills, be it before it serves; returns how it ended."""
    process = _begun(*modules, name=name, queues="frames=2,scan=2,clock=1")
    return process.wait(seconds)


def _begun(*modules: str, name: str, queues: str, log: Path | None = None, **more: str) -> Started:
    return started("tests.servers.worker_main", name, queues, *modules, log=log or Path(os.devnull), piped=True, **more)


def started(module: str, *arguments: str, log: Path, piped: bool = False, alone: bool = False, **more: str) -> Started:
    """A process that runs a module: forked from one that has imported the product, where its settings are those of the run.

    What it prints goes into a pipe where it is `piped`; else into the log, like its errors. `alone` gives it a group of its own.
    """
    within = environment(**more)
    if forked.can_start(within):
        return forked.start(module, *arguments, environment=within, log=log, piped=piped)
    with log.open("ab") as troubles:
        return subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            env=within,
            stdout=subprocess.PIPE if piped else troubles,
            stderr=troubles,
            text=True,
            cwd=PROJECT,
            start_new_session=alone,
        )


@contextmanager
def running(*modules: str, **how: Any) -> Iterator[Worker]:
    """A worker for the length of a block; ended by its id afterwards."""
    worker = start(*modules, **how)
    try:
        yield worker
    finally:
        if worker.process.poll() is None:
            worker.kill()


def wait_until(happened: Callable[[], bool], seconds: float = 90.0, told: Callable[[], str] = str) -> None:
    """Wait for a fact, not for a time. `told` says what is known when it does not come."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError(f"it did not happen in time\n{told()}")
