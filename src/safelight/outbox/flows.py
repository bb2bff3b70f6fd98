"""The one seam to the engine of durable work (DBOS). Nothing else imports `dbos` or `sqlalchemy`.

A flow is a durable sequence of steps; a step is one idempotent unit, repeated until it has an answer. The rows that the
engine writes in our transaction are the outbox. Rules that hold here:
1. A flow is promised inside the transaction of its change: both commit, or neither does.
2. A key is never promised twice; what must not happen twice is guarded by our own rows all the same.
3. Arguments, results and exception texts are stored by the engine: identifiers only.
4. Names of flows and steps are permanent, and so is the version: the engine strands flows of another version.
5. Queues are as they were registered for as long as a worker serves them: the engine need not ask at each look.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from threading import Lock
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import sqlalchemy as sa
from dbos import DBOS, DBOSClient, EnqueueOptions
from dbos import DBOSPortableJSONSerializer as Portable
from dbos._sys_db import SystemDatabase
from django.db import close_old_connections, connection
from django.db.backends.base.base import BaseDatabaseWrapper

from safelight.kernel.errors import Damage, Refusal

VERSION = "1"
P = ParamSpec("P")
R = TypeVar("R")
EngineError = sa.exc.SQLAlchemyError
MOST_RUNS = 6
_words: dict[str, tuple[str, str]] = {}
_bearers: dict[str, str] = {}
_under_way: set[str] = set()
_lock = Lock()


def flow(function: Callable[P, None]) -> Callable[P, None]:
    """A durable sequence of steps; after a crash it goes on behind the last finished step. Begun six times in vain, it is given up."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        key = str(DBOS.workflow_id)
        with _lock:
            _under_way.add(key)
        try:
            function(*args, **kwargs)
        finally:
            with _lock:
                _under_way.discard(key)

    _claim(function)
    _words[function.__qualname__] = (function.__module__.split(".")[1], (function.__doc__ or "").strip().partition("\n")[0])
    return DBOS.workflow(name=function.__qualname__, max_recovery_attempts=MOST_RUNS - 1)(run)


def said_of(name: str) -> tuple[str, str]:
    """The package whose flow this is, and what the flow is for, in words; empty for a flow that is no more."""
    return _words.get(name, ("", ""))


def step(*, tries: int = 6, wait: float = 1.0) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """One idempotent unit of a flow. Refusal and Damage are answers and end the flow; all else is repeated, the wait (seconds) doubling."""

    def make(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            close_old_connections()
            try:
                return function(*args, **kwargs)
            finally:
                close_old_connections()

        _claim(function)
        durable = DBOS.step(
            name=function.__qualname__,
            retries_allowed=True,
            max_attempts=tries,
            interval_seconds=wait,
            backoff_rate=2.0,
            should_retry=_worth_repeating,
        )
        return durable(run)

    return make


def enqueue(target: Callable[..., None], *ids: UUID | str, queue: str, key: str, after: float = 0.0) -> None:
    """Promise a flow as part of the current transaction, to begin after some seconds. Raises RuntimeError outside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("a flow is promised inside the transaction of its change")
    options: EnqueueOptions = {"workflow_name": target.__qualname__, "queue_name": queue, "workflow_id": key}
    if after:
        options["delay_seconds"] = after
    with _borrowed(connection).connect() as link:
        client().enqueue_in_transaction(link, options, *map(str, ids))


def serve(worker: str, queues: Mapping[str, tuple[int, float]]) -> None:
    """Run the flows of some queues, {name: (slots, seconds between looks)}. The name decides whose interrupted flows are taken up."""
    engine = DBOS(
        config={
            "name": "safelight",
            "system_database_url": outbox_url(),
            "executor_id": worker,
            "application_version": VERSION,
            "serializer": Portable(),
            "use_listen_notify": False,
        }
    )
    DBOS.listen_queues(list(queues))
    DBOS.launch()
    for name, (slots, pause) in queues.items():
        DBOS.register_queue(name, worker_concurrency=slots, polling_interval_sec=pause)
    _look_lightly(engine._sys_db)  # noqa: SLF001 - the seam


def _look_lightly(system: SystemDatabase) -> None:
    """Where nothing waits, one question a look instead of the engine's three: a worker without work took 11 % of a core, and takes 3."""
    flows = system.tables.workflow_status
    waiting: sa.ColumnClause[str] = sa.literal_column("'ENQUEUED'")
    one = (
        sa.select(flows.c.workflow_uuid)
        .where(flows.c.queue_name == sa.bindparam("queue"), flows.c.status == waiting)
        .where(flows.c.status.in_([waiting, sa.literal_column("'PENDING'")]))  # as SQLite's index has it, letter by letter
        .limit(1)
    )

    def scopes(queue_name: str) -> list[str | None]:
        with system.engine.connect() as link:
            return [None] if link.execute(one, {"queue": queue_name}).first() else []

    system.dequeue_scopes = scopes  # type: ignore[method-assign]  # the seam: nothing waits, nothing is asked
    system.get_queue = cache(system.get_queue)  # type: ignore[method-assign]  # (5)


def not_under_way(keys: Iterable[str]) -> set[str]:
    """Which of some flows this process does not run."""
    with _lock:
        return set(keys) - _under_way


def stop(seconds: int = 10) -> None:
    """End the worker's engine; running steps get some seconds to finish."""
    DBOS.destroy(workflow_completion_timeout_sec=seconds)
    close()


def close() -> None:
    """Give back the connections that promising and looking held."""
    client().destroy()
    client.cache_clear()


def outbox_url() -> str:
    """The engine's address of Django's own database: on SQLite the same file. Derived, never set."""
    return address_of(connection.settings_dict) if connection.vendor == "postgresql" else f"sqlite:///{connection.settings_dict['NAME']}"


def address_of(database: Mapping[str, Any]) -> str:
    """A PostgreSQL of Django's settings as the engine is told of it, TLS included."""
    return sa.URL.create(
        "postgresql+psycopg",
        username=database["USER"] or None,
        password=database["PASSWORD"] or None,
        host=database["HOST"] or None,
        port=int(database["PORT"]) if database["PORT"] else None,
        database=database["NAME"],
        query={name: str(value) for name, value in database.get("OPTIONS", {}).items() if name.startswith("ssl")},
    ).render_as_string(hide_password=False)


def migrate() -> None:
    """Make or upgrade the engine's own tables; belongs to the same step as Django's migrations."""
    from dbos import run_dbos_database_migrations

    run_dbos_database_migrations(system_database_url=outbox_url())


def _claim(function: Callable[..., object]) -> None:
    """(4) The engine only warns of a second bearer of a name, and then runs it for both. Raises RuntimeError."""
    bearer = _bearers.setdefault(function.__qualname__, function.__module__)
    if bearer != function.__module__:
        raise RuntimeError(f"{function.__qualname__} of {function.__module__} is one of {bearer} already")


def _worth_repeating(error: BaseException) -> bool:
    return not isinstance(error, Refusal | Damage)


@cache
def client() -> DBOSClient:
    """The engine as seen from outside a worker. For this package alone."""
    return DBOSClient(system_database_url=outbox_url(), serializer=Portable(), lazy=True, retry_connection_errors=False)


def _borrowed(django: BaseDatabaseWrapper) -> sa.Engine:
    """A SQLAlchemy engine over Django's live connection which never begins, commits or rolls back."""
    raw = django.connection
    held: tuple[object, sa.Engine] | None = getattr(django, "_outbox", None)
    if held is None or held[0] is not raw:
        url = "sqlite://" if django.vendor == "sqlite" else "postgresql+psycopg://"
        engine = sa.create_engine(url, creator=lambda: raw, poolclass=sa.StaticPool, pool_reset_on_return=None)
        dialect = engine.dialect
        dialect.do_begin = dialect.do_commit = dialect.do_rollback = lambda *_: None  # type: ignore[method-assign]  # the seam: the engine joins our transaction
        dialect.on_connect = lambda: None  # type: ignore[method-assign]  # the seam: the engine joins our transaction
        held = (raw, engine)
        django._outbox = held  # type: ignore[attr-defined]  # noqa: SLF001 - lives and dies with the connection
    return held[1]
