"""Processes of the product that begin as a copy of one that has imported it already.

Importing takes a process a second and a half of computing, and the tests start hundreds. Here Python's fork server imports once a run, with
the settings, the folder and the database of the run; what is forked from it does what `python -m MODULE ARGUMENTS` does.
"""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import IO

from tests.shared import PROJECT

OURS = ("SAFELIGHT_", "DJANGO_", "PYTHON", "LD_")
_imported_with: dict[str, str] = {}


class Forked:
    """What tests need of `subprocess.Popen`; its process leads a group of its own."""

    def __init__(self, process: ForkServerProcess, stdout: IO[str] | None) -> None:
        self._process, self.stdout = process, stdout
        self.pid: int = process.pid or 0

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


def start(module: str, *arguments: str, environment: dict[str, str], log: Path, piped: bool = False) -> Forked:
    """Run a module as the main one. Its errors go to `log`, and what it prints too, or into a pipe."""
    context = _server(environment)
    told, tells = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(module, arguments, environment, log, piped, tells), name=module, daemon=True)
    process.start()
    tells.close()
    told.recv()  # it leads its own group from here on
    return Forked(process, os.fdopen(os.dup(told.fileno()), encoding="utf-8") if piped else None)


def can_start(environment: dict[str, str]) -> bool:
    """Whether a process with this environment is the same as one that was forked: it reads it when it imports."""
    return not _imported_with or _read(environment) == _imported_with


def _read(environment: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(OURS)}


def _server(environment: dict[str, str]) -> ForkServerContext:
    if not _imported_with:
        _imported_with.update(_read(environment))
        before = dict(os.environ)
        os.environ.update(environment)
        try:
            _context()
        finally:
            os.environ.clear()
            os.environ.update(before)
    return _context()


@cache
def _context() -> ForkServerContext:
    from multiprocessing import forkserver

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.servers.imported"])
    forkserver.ensure_running()
    return context


def _run(module: str, arguments: tuple[str, ...], environment: dict[str, str], log: Path, piped: bool, tells: Connection) -> None:
    os.setsid()
    os.chdir(PROJECT)
    os.environ.clear()
    os.environ.update(environment)
    troubles = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    tells.send(True)
    os.dup2(tells.fileno() if piped else troubles, sys.stdout.fileno())
    os.dup2(troubles, sys.stderr.fileno())
    os.close(troubles)
    tells.close()
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
