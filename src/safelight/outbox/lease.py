"""Which workers live, and who takes up the work of one that does not: for several machines on one PostgreSQL.

A worker owns its name by a session lock, which the database frees when the worker's connection ends. Rules that hold here:
1. The lock comes before the first flow. A second bearer of the name waits until the first has gone.
2. A worker asks over that connection every two seconds. When it gets no answer it may have been given up, so it ends at once.
3. The work of a name whose lock is free is handed back to its queues, under that very lock: one survivor does it, and nobody of that
   name begins meanwhile.
4. A worker that has not asked for a minute is frozen, or its machine has no power: its connection is ended, and then (3).
On SQLite there is one machine, and a lock on a file does (1).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import psycopg
import structlog
from django.db import connection, transaction
from psycopg.conninfo import make_conninfo

from safelight.outbox import flows, promised
from safelight.outbox.handing_back import hand_back

log = structlog.get_logger()
TRY = "SELECT pg_try_advisory_{kind}lock(hashtext('worker'), hashtext(%s))"
WAIT, ASK = 0.5, 2.0
FROZEN_AFTER = 60.0
BEARER = "safelight worker "
KEEPALIVES = {"keepalives_idle": "10", "keepalives_interval": "5", "keepalives_count": "3", "connect_timeout": "10"}
SERVER_KEEPALIVES = "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"


@contextmanager
def held(me: str, *, ended: threading.Event, lost: Callable[[], None]) -> Iterator[bool]:
    """Own a worker's name for the length of a block. Waits for it; False where `ended` came first. `lost` is called from a thread."""
    if connection.vendor != "postgresql":
        yield True
        return
    with _connected(me) as link:
        while not _got(link, me):
            if ended.wait(WAIT):
                yield False
                return
        done = threading.Event()
        asking = threading.Thread(target=_ask, args=(link, done, lost), name="lease", daemon=True)
        asking.start()
        try:
            yield True
        finally:
            done.set()
            asking.join()


def take_over(me: str, *, now: datetime, frozen_after: float = FROZEN_AFTER) -> int:
    """Hand the flows of workers that do not live back to their queues; returns how many. `frozen_after` in seconds."""
    if connection.vendor != "postgresql":
        return 0
    others = {taken.executor_id for taken in promised.taken()} - {me, None}
    return sum(_take_over(str(name), now=now, frozen_after=frozen_after) for name in sorted(map(str, others)))


def _take_over(name: str, *, now: datetime, frozen_after: float) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TRY.format(kind="xact_"), [name])
        if not cursor.fetchone()[0]:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s AND datname = current_database()"
                " AND state_change < clock_timestamp() - make_interval(secs => %s)",
                [_bearer(name), frozen_after],
            )
            if cursor.fetchall():
                log.error("worker.frozen", worker=name)
            return 0
        left = promised.taken(by=name)  # read again under the lock
        for taken in left:
            hand_back(taken, now=now)
        return len(left)


def _got(link: psycopg.Connection, me: str) -> bool:
    row = link.execute(TRY.format(kind=""), [me]).fetchone()
    return bool(row and row[0])


def _ask(link: psycopg.Connection, done: threading.Event, lost: Callable[[], None]) -> None:
    while not done.wait(ASK):
        try:
            link.execute("SELECT 1")
        except psycopg.Error:
            lost()
            return


def _bearer(name: str) -> str:
    return f"{BEARER}{name}"[:63]


@contextmanager
def _connected(me: str) -> Iterator[psycopg.Connection]:
    """A connection of its own, past Django's: it lives as long as the worker."""
    address = make_conninfo(flows.outbox_url().replace("postgresql+psycopg://", "postgresql://", 1), **KEEPALIVES)
    with psycopg.connect(address, autocommit=True, application_name=_bearer(me), options=SERVER_KEEPALIVES) as link:
        yield link
