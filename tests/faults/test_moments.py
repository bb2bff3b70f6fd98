"""What happens in the midst of an import: the clock jumps, a stored photo rots, the file grows, another card is in the second reader."""

import shutil
from pathlib import Path

import pytest
from tests.factories import cards
from tests.faults import asked
from tests.faults import machine as machines
from tests.faults.machine import STOP
from tests.servers.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.goal("R1"), pytest.mark.goal("R2"), pytest.mark.requirement("D3")]
FAKE_CLOCK = next((path for path in Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)
JUMPS = ["-1h", "+1h", "@2027-03-28 00:59:59", "@2027-10-31 01:59:59", "@2038-01-19 03:14:06", "@1980-01-01 00:00:00"]


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    with machines.running(tmp_path_factory.mktemp("machine")) as running:
        yield running


@pytest.fixture(scope="module")
def jumpy(tmp_path_factory, machine):
    """A machine and the file that says what its clock shows.

    What `machine` prepared serves it: below such a clock that takes twice as long.
    """
    if FAKE_CLOCK is None:
        pytest.skip("not installed: faketime")
    folder = tmp_path_factory.mktemp("jumpy")
    clock = folder / "clock"
    clock.write_text("+0")
    how = {"FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1", "NO_FAKE_STAT": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    with machines.running(folder, preload=str(FAKE_CLOCK), **how) as running:
        yield running, clock


@pytest.mark.goal("R10")
@pytest.mark.xdist_group("points")
def test_a_clock_that_jumps_in_the_midst_loses_nothing(jumpy, sweep, seed, tally):
    machine, clock = jumpy
    machine.as_new()
    of = machine.live()["calls"]
    counts = tally("the clock jumps (an hour, summer time, 2038, 1980)", of)
    for number, jump in enumerate(JUMPS if sweep else JUMPS[seed % 3 :: 3]):
        machine.as_new()
        assert machine.live(1 + (seed + number * of // len(JUMPS)) % (of - 40), STOP, times=2) == {"stopped": True}
        clock.write_text(jump)
        said = machine.go_on()
        look = machine.look()
        clock.write_text("+0")
        counts.note(look, finished=said["imports"][-1]["status"] == 0 and not look["unfinished"] and look["left"] == 0)
        assert counts.lost == counts.early == counts.twice == 0, (jump, said, look)
        assert counts.finished == counts.runs, (jump, said, look)


@pytest.mark.goal("R5")
@pytest.mark.xdist_group("points")
def test_a_bit_that_rots_in_the_vault_before_it_was_read_back_keeps_the_photo_on_the_card(machine, sweep, tally):
    counts = tally("a bit of a stored photo flips before it is read back")
    for _ in range(6 if sweep else 1):
        shutil.rmtree(machine.originals)
        cards.fill(machine.originals, 1)
        machine.as_new()
        of = machine.live(below=(machine.vault,))["calls"]  # the last of them makes its name durable
        machine.as_new()
        assert machine.live(of, STOP, below=(machine.vault,)) == {"stopped": True}
        [stored] = [path for path in machine.vault.rglob("*") if path.is_file()]
        data = stored.read_bytes()
        stored.write_bytes(data[:-40] + bytes([data[-40] ^ 1]) + data[-39:])
        first = machine.go_on()["imports"][0]["status"]
        after = machine.look()
        assert (first != 0, after["left"]) == (True, 1), after
        said = machine.live(times=3)
        later = machine.look()
        assert later["twice"] <= 1  # the damaged copy stays beside the whole one: somebody is to look at it
        counts.note(after, later | {"twice": 0}, finished=said["imports"][-1]["status"] == 0 and later["left"] == 0)
        assert counts.lost == counts.early == counts.twice == 0, (after, later)
        assert counts.finished == counts.runs, (said, later)


@pytest.mark.xdist_group("points")
@pytest.mark.goal("R4")
def test_a_file_that_grows_while_it_is_read_is_not_lost(machine, sweep, points, tally):
    machine.as_new()
    of = machine.live(reads=True, below=(machine.card,))["calls"]
    counts = tally("a file on the card grows", of)
    for nth in points(of, None, few=12 if sweep else 4):
        machine.as_new()
        cards.fill(machine.originals, machines.PHOTOS)
        shutil.copytree(machine.originals, machine.card, dirs_exist_ok=True)
        assert machine.live(nth, STOP, reads=True, below=(machine.card,)) == {"stopped": True}
        grows = machine.card / "DCIM/100SAFEL/IMG_0003.JPG"
        original = machine.originals / "DCIM/100SAFEL/IMG_0003.JPG"
        if not grows.exists() or grows.read_bytes() != original.read_bytes():
            machine.kill()
            continue
        for file in (grows, original):
            with file.open("ab") as out:
                out.write(b"more of the photo" * 99)
        machine.go_on()
        after = machine.look()
        said = machine.live(times=2)
        later = machine.look()
        counts.note(after, later, finished=said["imports"][-1]["status"] == 0 and later["left"] == 0)
        assert counts.lost == counts.early == counts.twice == 0, (nth, after, later)
        assert counts.finished == counts.runs, (nth, said, later)
    assert counts.runs


@pytest.mark.goal("R2")
@pytest.mark.requirement("D8")
def test_two_cards_at_once_and_a_copy_of_a_card_are_each_brought_in_once(site: Site, tmp_path, tally):
    one, other = tmp_path / "one", tmp_path / "other"
    photos = cards.fill(one, 5) | cards.fill(other, 5, first=6)
    shutil.copy(one / "DCIM/100SAFEL/IMG_0001.JPG", other / "DCIM/100SAFEL/COPY0001.JPG")
    both = [site.start_station("import", card, "--json") for card in (one, other)]
    told = [process.communicate(timeout=180) for process in both]
    runs = 1
    while any(process.returncode for process in both) and runs < 4:
        both = [site.start_station("import", card, "--json") for card in (one, other)]
        told = [process.communicate(timeout=180) for process in both]
        runs += 1
    assert [process.returncode for process in both] == [0, 0], told
    lost = [name for name in asked.lost(photos, tmp_path) if name]
    counts = tally("two cards at once, one photo on both")
    finished = asked.digests_on(one) | asked.digests_on(other) == set() and asked.unfinished() == []
    counts.note({"lost": lost, "early": 0, "twice": asked.kept_twice()}, finished=finished)
    assert (counts.lost, counts.twice, counts.finished) == (0, 0, 1), asked.unfinished()
    assert not (site.station / "erasing").exists()
