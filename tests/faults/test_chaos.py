"""Everything is killed, again and again, while cards are imported: web processes, workers, and where it is this run's own, PostgreSQL.

`make chaos` runs it with 400 photos on both databases. In the ordinary run 60 photos, and a database that others use too is left alone.
"""

import os
import random
import signal
import subprocess
import time

import pytest
from django.db import connection
from tests.factories import cards
from tests.faults import asked
from tests.servers import postgresql
from tests.servers.site import Site
from tests.servers.worker import wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.goal("R1"),
    pytest.mark.goal("R2"),
    pytest.mark.goal("R7"),
    pytest.mark.requirement("D3"),
    pytest.mark.requirement("D8"),
    pytest.mark.xdist_group("faults"),
]
A_CARD = 20
AGAIN = 0.5  # seconds, as the supervisor waits at first


class Crowd:
    """Workers of several names beside a site's own web server, each started again when it has died."""

    def __init__(self, site: Site, names: list[str], chance: random.Random) -> None:
        self.site, self.names, self.chance = site, names, chance
        self.workers: dict[str, subprocess.Popen[bytes]] = {}
        self.again: dict[str, float] = {}
        self.killed: dict[str, int] = {}

    def look_after(self) -> None:
        """What a supervisor does."""
        now = time.monotonic()
        if self.site.web is None or self.site.web.poll() is not None:
            self.site.start_web()
        for name in self.names:
            process = self.workers.get(name)
            if process is not None and process.poll() is not None:
                self.again.setdefault(name, now + AGAIN)
            if process is None or self.again.get(name, now + 1) <= now:
                self.again.pop(name, None)
                self.workers[name] = self.site._run("safelight.config.command", "worker", "--name", f"{name}-{self.site.port}")

    def strike(self) -> None:
        """kill -9 of somebody."""
        victims = ["web", "a process of web", *self.names, *(["the database"] if self.stoppable else [])]
        victim = self.chance.choice(victims)
        self.killed[victim] = self.killed.get(victim, 0) + 1
        if victim == "web":
            self.site.kill_web()
        elif victim == "a process of web":
            for pid in self._children()[:1]:
                os.kill(pid, signal.SIGKILL)
        elif victim == "the database":
            postgresql.kill()
            connection.close()
            postgresql.start_again()
        else:
            process = self.workers[victim]
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(20)

    @property
    def stoppable(self) -> bool:
        return connection.vendor == "postgresql" and postgresql.can_be_killed()

    def end(self) -> None:
        for process in self.workers.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(20)

    def _children(self) -> list[int]:
        if self.site.web is None or self.site.web.poll() is not None:
            return []
        found = subprocess.run(["pgrep", "-P", str(self.site.web.pid)], check=False, capture_output=True, text=True).stdout
        return [int(pid) for pid in found.split()]


def test_no_photo_is_lost_or_kept_twice_while_everything_is_killed(site: Site, tmp_path, sweep, seed):
    chance = random.Random(seed)
    site.kill_worker()
    crowd = Crowd(site, ["one", "two", "three"] if sweep else ["one", "two"], chance)
    try:
        for number in range(20 if sweep else 3):
            card = tmp_path / f"card-{number}"
            photos = cards.fill(card, A_CARD, first=number * A_CARD + 1)
            strikes = 4 if sweep else 2
            station, strike_at = None, time.monotonic() + chance.uniform(0.5, 2)
            while station is None or station.poll() != 0:
                crowd.look_after()
                if station is None or station.poll() is not None:
                    assert asked.lost(photos, card) == []
                    station = site.start_station("import", card)
                if strikes and time.monotonic() > strike_at:
                    crowd.strike()
                    strikes, strike_at = strikes - 1, time.monotonic() + chance.uniform(1, 4)
                time.sleep(0.05)
            assert asked.lost(photos, card) == []
            assert asked.digests_on(card) == set()
        print(crowd.killed)
        wait_until(lambda: crowd.look_after() or asked.flows_waiting() == 0, 180, told=lambda: site.log[-6000:])
        assert asked.unfinished() == []
        assert asked.kept_twice() == 0
        assert asked.ledger_is_fine()
    finally:
        crowd.end()
