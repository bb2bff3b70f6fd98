"""One command for a small site: web and worker as children, started again with back-off when they end."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from django.conf import settings

from safelight.config.prepare import prepare
from safelight.kernel.errors import Unavailable

log = structlog.get_logger()
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
LIVED_WELL = 60.0  # seconds: whoever ran as long as this begins again at the first pause
GRACE = 25.0


class AlreadyRunning(Unavailable):
    """Another copy serves this folder of data."""

    code = "config.already_running"
    says = "Safelight runs on this folder of data already."


@dataclass(slots=True)
class Child:
    """One process that must live."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    pause: float = FIRST_PAUSE
    again_at: float = field(default=0.0)
    began_at: float = field(default=0.0)

    def look(self, now: float) -> None:
        """Start the process, or note its end and when to start it again."""
        if self.process is not None and self.process.poll() is not None:
            if now - self.began_at > LIVED_WELL:
                self.pause = FIRST_PAUSE
            log.warning("child.ended", child=self.name, status=self.process.returncode, again_in=self.pause)
            self.process, self.again_at = None, now + self.pause
            self.pause = min(2 * self.pause, LONGEST_PAUSE)
        if self.process is None and now >= self.again_at:
            self.process, self.began_at = subprocess.Popen(self.command), now


def supervise(*, listen: str) -> int:
    """Prepare, then keep web and worker alive until SIGTERM or SIGINT. Raises AlreadyRunning for a second copy."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    data = Path(settings.SAFELIGHT_DATA)
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(data / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise AlreadyRunning(data.name) from None
    prepare()
    program = [sys.executable, "-m", "safelight.config.command"]
    children = [Child("web", [*program, "web", "--listen", listen]), Child("worker", [*program, "worker"])]
    while not ended.wait(0.25):
        for child in children:
            child.look(time.monotonic())
    _end(children)
    return 0


def _end(children: list[Child]) -> None:
    living = [child.process for child in children if child.process is not None]
    for process in living:
        process.terminate()
    deadline = time.monotonic() + GRACE
    for process in living:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
