"""Flows that the contract of the outbox is tried with. They write into a file, so that what ran can be seen from outside."""

import os
import signal
import time
from pathlib import Path

from safelight.kernel.errors import Refusal, Unavailable
from safelight.outbox.flows import flow, step


class NotToday(Refusal):
    code = "tests.not_today"


class Away(Unavailable):
    code = "tests.away"


def _note(folder: str, text: str) -> None:
    with Path(folder, "ran").open("a") as file:
        file.write(f"{text} {time.monotonic():.3f}\n")
        file.flush()
        os.fsync(file.fileno())


@flow
def contract_plain(folder: str) -> None:
    """Something happens once."""
    contract_one(folder)


@step()
def contract_one(folder: str) -> None:
    _note(folder, "one")


@flow
def contract_killed(folder: str) -> None:
    """The worker dies in the second step, the first time."""
    contract_one(folder)
    contract_two(folder)


@step()
def contract_two(folder: str) -> None:
    first = not Path(folder, "died").exists()
    _note(folder, "two")
    if first:
        Path(folder, "died").touch()
        os.kill(os.getpid(), signal.SIGKILL)


@flow
def contract_refused(folder: str) -> None:
    """A refusal is an answer."""
    contract_refusing(folder)


@step(tries=4, wait=0.1)
def contract_refusing(folder: str) -> None:
    _note(folder, "refused")
    raise NotToday


@flow
def contract_away(folder: str) -> None:
    """Something does not answer and is asked again."""
    contract_asking(folder)


@step(tries=3, wait=0.1)
def contract_asking(folder: str) -> None:
    _note(folder, "away")
    raise Away


@flow
def contract_deadly(folder: str) -> None:
    """A flow that kills every worker that takes it."""
    contract_killing(folder)


@step()
def contract_killing(folder: str) -> None:
    _note(folder, "deadly")
    os.kill(os.getpid(), signal.SIGKILL)


@flow
def contract_slow(folder: str) -> None:
    """Something takes as long as a test likes."""
    contract_waiting(folder)


@step()
def contract_waiting(folder: str) -> None:
    _note(folder, "slow")
    while not Path(folder, "go").exists():
        time.sleep(0.05)
    _note(folder, "went")


@flow
def contract_frozen(folder: str) -> None:
    """Its worker is stopped in the middle, the first time."""
    contract_one(folder)
    contract_freezing(folder)


@step()
def contract_freezing(folder: str) -> None:
    first = not Path(folder, "froze").exists()
    _note(folder, "freezing")
    if first:
        Path(folder, "froze").touch()
        os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(60)  # thawed, it would go on; its worker must end before
        _note(folder, "thawed")


@flow
def contract_mended(folder: str) -> None:
    """Something fails for good until somebody has mended it."""
    contract_one(folder)
    contract_needing(folder)


@step(tries=2, wait=0.1)
def contract_needing(folder: str) -> None:
    if not Path(folder, "mended").exists():
        _note(folder, "needing")
        raise Away
    _note(folder, "done")
