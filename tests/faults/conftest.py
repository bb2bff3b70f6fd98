"""Faults on demand. `--sweep` asks for the long runs; `--seed` repeats one."""

import secrets
from collections.abc import Iterator

import pytest
from tests.servers import site as sites
from tests.servers.site import Site


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sweep", action="store_true", default=False, help="the long sweeps: 50 kills instead of 10")
    parser.addoption("--seed", type=int, default=None, help="repeat the kills of a run that printed its seed")


@pytest.fixture
def sweep(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--sweep", default=False))


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """A seed of this run's own, printed when the test fails."""
    given = request.config.getoption("--seed", default=None)
    chosen = secrets.randbelow(1 << 31) if given is None else int(given)
    print(f"--seed {chosen}")
    return chosen


@pytest.fixture
def site(transactional_db: None) -> Iterator[Site]:
    with sites.running() as running:
        yield running
