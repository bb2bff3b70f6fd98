"""kill -9 of server, worker and station at random points of imports."""

import os
import random
import shutil
import signal
import time
from itertools import count

import pytest
from django.conf import settings
from tests.factories import cards
from tests.faults import asked
from tests.servers.site import Site
from tests.servers.worker import wait_until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.goal("R1"),
    pytest.mark.goal("R2"),
    pytest.mark.requirement("D3"),
    pytest.mark.requirement("D8"),
]
PHOTOS = 10
LINES = 2 * PHOTOS + 4  # what the station says of such a card
RUNS = 4


class Kill:
    """One kill: whom, and after how much of what the station says."""

    def __init__(self, chance: random.Random) -> None:
        self.victim = chance.choice(["web", "worker", "station"])
        self.after_lines = chance.randint(0, LINES)
        self.pause = chance.uniform(0, 0.03)

    def __repr__(self) -> str:
        return f"kill -9 of the {self.victim} {self.pause * 1000:.0f} ms after line {self.after_lines}"

    def strike(self, site: Site, station) -> None:
        """Read what the station says until the point is reached, then kill."""
        for _ in range(self.after_lines):
            if not station.stderr.readline():
                break
        time.sleep(self.pause)
        if self.victim == "web":
            site.kill_web()
        elif self.victim == "worker":
            site.kill_worker()
        elif station.poll() is None:
            os.killpg(station.pid, signal.SIGKILL)


def test_no_kill_loses_a_photo_or_keeps_one_twice_and_the_next_run_ends_what_was_begun(site: Site, tmp_path, sweep, seed, tally):
    counts = tally("web, worker or station killed (-9) at random")
    chance, mark = random.Random(seed), cards.planted()
    for number in range(50 if sweep else 10):
        kill = Kill(chance)
        print(f"{number}: {kill}")
        card = tmp_path / f"card-{number}"
        photos = {f"{number}-{name}": data for name, data in cards.fill(card, PHOTOS, first=number * PHOTOS + 1).items()}
        marked = cards.a_photo(number, mark=mark + str(number).encode())
        (card / "DCIM" / "100SAFEL" / "IMG_9999.JPG").write_bytes(marked)
        photos[f"{number}-marked"] = marked

        station = site.start_station("import", card)
        kill.strike(site, station)
        station.communicate(timeout=60)
        assert asked.lost(photos, card) == []

        for run in count(1):
            site.start_web()
            site.start_worker()
            done = site.run_station("import", card)
            if done.returncode == 0:
                break
            print(f"{number}: run {run} ended with {done.returncode}: {done.stderr}")
            assert asked.lost(photos, card) == []
            assert run < RUNS, site.log[-6000:]
        look = {"lost": asked.lost(photos, card), "early": 0, "twice": asked.kept_twice()}
        counts.note(look, finished=asked.digests_on(card) == set() and asked.unfinished() == [])
        assert asked.digests_on(card) == set()
        assert asked.unfinished() == []
        assert (counts.lost, counts.twice, counts.finished) == (0, 0, counts.runs)
        shutil.rmtree(card)

    def all_kept() -> bool:
        site.look_after_worker()  # one that ended at its start is started again, as the supervisor does
        return asked.flows_waiting() == 0

    wait_until(all_kept, told=lambda: site.log[-6000:])
    assert asked.ledger_is_fine()
    assert asked.in_the_clear(mark, settings.SAFELIGHT_TEST_FOLDER, site.folder, tmp_path) == []
