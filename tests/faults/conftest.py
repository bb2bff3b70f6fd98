"""Faults on demand. `--sweep` asks for the long runs; `--seed` repeats one; `--evidence` writes the report of what was counted."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.faults.evidence import Evidence, Tally
from tests.servers import site as sites
from tests.servers.site import Site

PARTS = 4  # a sweep over every call comes in parts, so that each fits into a few minutes
EVIDENCE = pytest.StashKey[Evidence]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--sweep", action="store_true", default=False, help="the long sweeps: every point instead of a few")
    parser.addoption("--seed", type=int, default=None, help="repeat the kills of a run that printed its seed")
    parser.addoption("--stride", type=int, default=1, help="take every Nth point of a sweep only")
    parser.addoption("--evidence", type=Path, default=None, help="the folder of the report")


def pytest_configure(config: pytest.Config) -> None:
    folder = config.getoption("--evidence", default=None)
    if folder is not None and not hasattr(config, "workerinput"):
        config.stash[EVIDENCE] = Evidence(folder)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "part" in metafunc.fixturenames:
        sweep = metafunc.config.getoption("--sweep", default=False)
        metafunc.parametrize("part", range(PARTS) if sweep else [None], ids=lambda part: "some" if part is None else f"part{part + 1}")
    if "carved" in metafunc.fixturenames:
        sweep = metafunc.config.getoption("--sweep", default=False)
        metafunc.parametrize("carved", ["fat16", "fat32", "exfat"] if sweep else ["fat32"])


class _Listening:
    """Hears how each test of this folder ended."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if "tests/faults/" not in report.nodeid or (report.when != "call" and report.outcome == "passed"):
            return
        why = ""
        if report.outcome == "skipped":
            why = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr).removeprefix("Skipped: ")
        elif report.outcome == "failed":
            why = str(getattr(getattr(report.longrepr, "reprcrash", None), "message", "see the log")).splitlines()[0][:200]
        tallies = [value for name, value in report.user_properties if name == "tally"]
        what = report.nodeid.split("::", 1)[1].removeprefix("test_").replace("_", " ")
        self.evidence.hear(report.nodeid, what, report.outcome, why, [Tally(**tally) for tally in tallies])
        self.evidence.write()  # at once: a run that is ended from outside has said what it saw


def pytest_sessionstart(session: pytest.Session) -> None:
    if EVIDENCE in session.config.stash:
        session.config.pluginmanager.register(_Listening(session.config.stash[EVIDENCE]))


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
def points(request: pytest.FixtureRequest, seed: int) -> Callable[[int, int | None], list[int]]:
    """Chooses calls, of so many: a part of them all, or a few that lie evenly, a little elsewhere each time."""

    def choose(of: int, part: int | None, few: int = 4) -> list[int]:
        if part is not None:
            return list(range(1 + part, of + 1, PARTS * int(request.config.getoption("--stride", default=1))))
        gap = of // few
        return [1 + seed % gap + number * gap for number in range(few)]

    return choose


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Callable[..., Tally]:
    """Begins the counts of one fault; they go into the report, whole or not."""

    def begin(fault: str, of: int = 0) -> Tally:
        begun = Tally(fault, of)
        request.node.user_properties.append(("tally", vars(begun)))
        return begun

    return begin


@pytest.fixture
def site(transactional_db: None) -> Iterator[Site]:
    with sites.running() as running:
        yield running
