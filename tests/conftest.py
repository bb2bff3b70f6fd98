"""What all tests share: a real database with its guards, no network beyond loopback, keys made for the run."""

import gc
import os
import shutil
import socket
from collections.abc import Iterator

import pytest
from _pytest.nodeid import NodeId
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase
from pytest_socket import socket_allow_hosts
from tests.emptying import empty
from tests.servers.mail import Mail, can_run, servers
from tests.shared import ANOTHER_DATABASE

AGAIN = "SAFELIGHT_TESTS_AGAIN"
gc.disable()  # until everything is collected
LATE = ["it did not happen in time", "TimeoutExpired", "does not answer"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where the machine is shared, a journey is walked once more before it is called broken, and so is what waited in vain.

    The summary names both. What saw something wrong is never repeated (docs/decisions/2026-11-24-journeys-again.md).
    On a second database what asks none runs no second time. What takes long comes first: begun last, it would leave a core idle.
    """
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    if config.getoption("loadgroup", default=False):
        for item in items:
            _keep_groups_together(item)
    if ANOTHER_DATABASE in os.environ:
        once = [item for item in items if not _asks_the_database(item)]
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if _asks_the_database(item)]
    for item in items if AGAIN in os.environ else ():
        item.add_marker(pytest.mark.flaky(reruns=1) if item.get_closest_marker("journey") else pytest.mark.flaky(reruns=1, only_rerun=LATE))


def _keep_groups_together(item: pytest.Item) -> None:
    """What xdist 3.8 does for its groups, and pytest 9.2 no longer takes from it: tests of a group went to both processes, side by side."""
    groups = sorted({str(mark.args[0]) for mark in item.iter_markers("xdist_group")})
    if groups and "@" not in item.nodeid.rpartition("]")[2]:
        item._id = NodeId.parse(f"{item.nodeid}@{'_'.join(groups)}")


def _asks_the_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("one_database"):
        return False
    asked = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """pytest-rerunfailures asks the main process twice a test; the kernel kept the second until the first was confirmed: 40 ms a test."""
    if hasattr(config, "workerinput"):
        asking: socket.socket = config.failures_db.sock
        asking.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def pytest_collection_finish() -> None:
    """What was collected lives to the end: the garbage collector need not walk over it again and again."""
    gc.freeze()
    gc.enable()


def pytest_unconfigure() -> None:
    """Leave no folder of data and keys behind, but where another process's was used."""
    from django.conf import settings

    if settings.configured and "SAFELIGHT_TEST_FOLDER" not in os.environ:
        shutil.rmtree(settings.SAFELIGHT_TEST_FOLDER, ignore_errors=True)


def _write_as_a_test(*, connection: BaseDatabaseWrapper, **_: object) -> None:
    """Tests lay out rows by hand, where PostgreSQL lets actions alone write. Servers and workers that tests start have no such leave."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('safelight.action', 'a test', false)")


connection_created.connect(_write_as_a_test)


class _WithoutAFolder(dict[str, object]):
    """What the tests are told of a hospital's store: whoever reaches into the folder that it has not got is left out, and says why."""

    def __missing__(self, key: str) -> object:
        if key == "folder":
            pytest.skip("reaches into the folder of the embedded store")
        raise KeyError(key)


@pytest.fixture(autouse=True, scope="session")
def _a_hospitals_store() -> None:
    """Where tests/servers/stores.py runs the tests."""
    from django.conf import settings

    if "SAFELIGHT_TEST_STORE" in os.environ:
        settings.SAFELIGHT_OBJECT_STORE = _WithoutAFolder(settings.SAFELIGHT_OBJECT_STORE)


@pytest.fixture(autouse=True)
def _loopback_only() -> Iterator[None]:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    return


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The last thing before the tables are made, for which nothing needs collecting: a third of what migrating costs."""
    gc.disable()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """Beside Django's tables those of the work engine, in the same database."""
    from safelight.outbox import flows

    gc.enable()
    with django_db_blocker.unblock():
        flows.migrate()
        yield
        flows.close()


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_guards() -> Iterator[None]:
    """Emptying the database between transactional tests must pass the triggers that forbid just that."""
    plain = TransactionTestCase._fixture_teardown

    def teardown(_case: TransactionTestCase) -> None:
        for tries_left in (3, 2, 1, 0):
            try:
                empty(connection)
            except DatabaseError:  # a request that a closed browser left behind still holds a lock
                if not tries_left:
                    raise
            else:
                return

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = plain


@pytest.fixture(scope="session")
def _mail_servers() -> Iterator[Mail]:
    """One relay and one mailbox for the whole run: they take three seconds to start."""
    if not can_run():
        pytest.skip("Postfix and Dovecot change to users of their own: they are started by root only")
    with servers() as running:
        yield running


@pytest.fixture
def mail(_mail_servers: Mail) -> Mail:
    """A real relay and mailbox on loopback, empty."""
    _mail_servers.empty()
    return _mail_servers
