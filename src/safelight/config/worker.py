"""The worker process: serves the queues, ticks the clock, and holds its name so that no second bearer of it lives."""

import fcntl
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

from safelight.config import belongings
from safelight.config.exits import LATER
from safelight.kernel import clock
from safelight.kernel.errors import Unavailable
from safelight.outbox import flows, lease
from safelight.outbox.handing_back import Strays
from safelight.outbox.ticker import tick
from safelight.vault import chosen, proving

log = structlog.get_logger()
LOOK, TICK = 3.0, 15.0
PROVED_FOR = 24 * 3600.0
RECOGNISED_FOR = 300.0

# Slots and seconds between looks. On SQLite few writers at a time keep the pages quick (background-work design, rule 6).
# Each look costs 1 ms of computing, also while a card is read: half a second is looked for where what follows takes seconds anyway.
# Looking for what identifies takes seconds a photo: one at a time, so that a card never waits; who has a photo open does not wait
# behind a card either. A look takes no more than there are slots free: with three, five notices a second went out when many were due.
QUEUES = {
    "sqlite": {
        "frames": (2, 0.5),
        "scan": (2, 0.2),
        "find": (1, 1.0),
        "find_now": (1, 0.2),
        "shares": (1, 0.2),
        "push": (8, 0.5),
        "mail": (2, 0.5),
        "clock": (1, 2.0),
    },
    "postgresql": {
        "frames": (4, 0.25),
        "scan": (2, 0.2),
        "find": (1, 0.5),
        "find_now": (1, 0.2),
        "shares": (1, 0.2),
        "push": (8, 0.1),
        "mail": (4, 0.1),
        "clock": (1, 1.0),
    },
}


class NameTaken(Unavailable):
    """Another worker of this name lives: two of one name would take up each other's work."""

    code = "config.worker_name_taken"


def own_name() -> str:
    """A worker's name where none was given: on PostgreSQL other machines have workers too."""
    return f"{socket.gethostname()}-1" if connection.vendor == "postgresql" else "worker-1"


def run(name: str) -> None:
    """Serve until SIGTERM or SIGINT.

    What reads back and releases begins only when the store has shown that it keeps its promises, and shows it again each day.
    On PostgreSQL it waits while a worker of this name lives on another machine, and takes up the work of those that live no more.
    Raises NameTaken when a worker of this name lives on this machine; StoreUnfit, StoreAway; StoreOfAnother and what else tells that
    this machine's store or keys are not those of the database, at the start and again every five minutes.
    """
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with _name_held(name), lease.held(name, ended=ended, lost=_end_at_once) as mine:
        if not mine:
            return
        belongings.make_sure()
        proving.prove(chosen.store())
        proved = recognised = time.monotonic()
        flows.serve(name, QUEUES[connection.vendor])
        log.info("worker.serves", worker=name)
        strays, ticked = Strays(name), time.monotonic()
        while not ended.wait(LOOK):
            close_old_connections()
            try:
                strays.look(now=clock.now())
                lease.take_over(name, now=clock.now())
                if time.monotonic() - ticked > TICK:
                    tick(now=clock.now())
                    ticked = time.monotonic()
            except (DatabaseError, flows.EngineError) as away:
                log.warning("worker.database_away", fault=type(away).__name__)  # what was due is due at the next look
            if time.monotonic() - recognised > RECOGNISED_FOR:
                belongings.still_so()
                recognised = time.monotonic()
            if time.monotonic() - proved > PROVED_FOR:
                proving.prove(chosen.store())
                proved = time.monotonic()
        flows.stop()


def _end_at_once() -> None:
    """Another worker may have begun this one's flows. What is under way here goes no further; the supervisor starts a new worker."""
    log.error("worker.lease_lost")
    os._exit(LATER)


@contextmanager
def _name_held(name: str) -> Iterator[None]:
    file = Path(settings.SAFELIGHT_DATA) / f"{name}.lock"
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise NameTaken(name) from None
    try:
        yield
    finally:
        os.close(handle)
