"""Every call that changes a disk of station, vault or database is a place where the process can die, and where the disk can say no."""

import pytest
from tests.faults import machine as machines
from tests.faults.machine import ERRORS, STOP, Machine

pytestmark = [
    pytest.mark.slow,
    pytest.mark.goal("R1"),
    pytest.mark.goal("R2"),
    pytest.mark.goal("R5"),
    pytest.mark.requirement("D3"),
    pytest.mark.requirement("D8"),
    pytest.mark.xdist_group("points"),
]


@pytest.fixture(scope="module")
def machine(tmp_path_factory):
    with machines.running(tmp_path_factory.mktemp("machine")) as running:
        yield running


def how_many(machine: Machine, *, reads: bool = False) -> int:
    """How many calls an import makes that nothing disturbs; it ends well."""
    machine.as_new()
    said = machine.live(reads=reads)
    assert said["imports"][0]["status"] == 0, said
    return said["calls"]


def ended_well(said: dict, look: dict) -> bool:
    """Whether the last run ended the import: nothing on the card, nothing half done."""
    return said["imports"][-1]["status"] == 0 and look["left"] == 0 and not look["unfinished"] and look["ledger"]


def struck(said: dict, nth: int, how: dict) -> bool:
    """Whether the fault came. Threads make a few calls more or less from life to life: beyond the last one there is nothing to strike."""
    if said == how:
        return True
    assert said.get("calls", nth) < nth, (nth, said)
    return False


def nothing_wrong(counts, of: int) -> None:
    assert (counts.lost, counts.early, counts.twice, counts.finished) == (0, 0, 0, counts.runs)
    assert counts.runs >= 3
    assert of >= 45


def test_a_kill_at_no_call_loses_a_photo_and_the_next_run_ends_what_was_begun(machine, part, points, tally):
    of = how_many(machine)
    counts = tally("killed (-9) at a call", of)
    for nth in points(of, part):
        machine.as_new()
        if not struck(machine.live(nth, ERRORS["kill"]), nth, {"killed": 9}):
            continue
        after = machine.look()
        said = machine.live()
        later = machine.look()
        counts.note(after, later, finished=ended_well(said, later))
        assert counts.finished == counts.runs, (nth, said, later)
        assert counts.lost == counts.early == counts.twice == 0, (nth, after, later)
    nothing_wrong(counts, of)


@pytest.mark.goal("R8")
@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
def test_an_error_at_no_call_loses_a_photo_and_the_same_process_goes_on(machine, error, part, points, tally):
    reads = error == "EIO"
    of = how_many(machine, reads=reads)
    counts = tally(f"{error} at a call" + (" (reading ones too)" if reads else ""), of)
    for nth in points(of, part):
        machine.as_new()
        said = machine.live(nth, ERRORS[error], reads=reads, times=2)
        later = machine.look()
        counts.note(later, finished=ended_well(said, later))
        assert counts.finished == counts.runs, (nth, said, later)
        assert counts.lost == counts.early == counts.twice == 0, (nth, said, later)
        assert isinstance(said["imports"][0]["status"], int), (nth, said["imports"][0]["status"])
    nothing_wrong(counts, of)


@pytest.mark.parametrize("system", ["ext4", "xfs"])
def test_a_power_cut_at_no_call_loses_a_photo(system, part, points, tally, tmp_path):
    with machines.with_disks(tmp_path, system) as (machine, disks):
        of = how_many(machine)
        counts = tally(f"power cut at a call, {system}", of)
        for nth in points(of, part):
            machine.as_new()
            if not struck(machine.live(nth, STOP), nth, {"stopped": True}):
                continue
            disks.lose_power()
            machine.kill()
            disks.come_back()
            after = machine.look()
            assert not after.get("raised"), (nth, after)
            said = machine.live()
            later = machine.look()
            counts.note(after, later, finished=ended_well(said, later))
            assert counts.lost == counts.early == counts.twice == 0, (nth, after, later)
            assert counts.finished == counts.runs, (nth, said, later)
        nothing_wrong(counts, of)


def test_a_disk_that_forgets_names_whose_folder_was_not_synced_loses_no_photo(machine, part, points, tally):
    """Ext4 and xfs keep a new file's name when the file is synced, so their power cuts cannot show that its folder was not."""
    of = how_many(machine)
    counts = tally("power cut at a call, a disk that forgets names not synced", of)
    for nth in points(of, part):
        machine.as_new()
        if not struck(machine.live(nth, STOP), nth, {"stopped": True}):
            continue
        machine.kill()
        machine.forget_names()
        after = machine.look()
        assert not after.get("raised"), (nth, after)
        said = machine.live()
        later = machine.look()
        counts.note(after, later, finished=ended_well(said, later))
        assert counts.lost == counts.early == counts.twice == 0, (nth, after, later)
        assert counts.finished == counts.runs, (nth, said, later)
    nothing_wrong(counts, of)
