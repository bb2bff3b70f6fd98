"""One import by the station in a process of its own: a line of JSON when the receipt is there, another at the end.

`python benchmarks/station_alone.py CARD HOME`; `kit.Site.bring` starts it. `started` is the monotonic clock's, which processes share.
"""

import json
import os
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import kit  # puts the sources where they are found

from station.card import opened
from station.home import Identity
from station.job import Job
from station.journal import Journal
from station.server import Server


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    card, home = (Path(given) for given in sys.argv[1:])
    server, told = Server.of(Identity.load(home)), False
    before, began = cpu(), time.monotonic()

    def tell(step: str, _done: int, _of: int) -> None:
        nonlocal told
        if step == "erase" and not told:
            told = True
            print(json.dumps({"started": began, "seconds": time.monotonic() - began, "cpu": cpu() - before}), flush=True)

    with opened(card) as there:
        outcome = Job(there, Identity.load(home), server, Journal(home), tell=tell, now=lambda: datetime.now(UTC)).run()
    assert outcome.clean, outcome.as_json()
    peak = kit.peak_memory(os.getpid())
    print(json.dumps({"seconds": time.monotonic() - began, "peak_mib": peak}), flush=True)


if __name__ == "__main__":
    main()
