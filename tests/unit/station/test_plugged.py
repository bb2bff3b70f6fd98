"""What is put into a reader is brought in each time that it is put in, wherever the reader stands."""

import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from station.outcome import Outcome
from station.plugged import Readers, of_a_card
from station.usb import Cable
from station.watch import watch
from station.words import Screen


class EndOfTest(BaseException): ...


@pytest.fixture
def reader() -> Path:
    """A block device of this machine: it is only looked at, never opened."""
    found = next((path for path in sorted(Path("/dev").iterdir()) if path.is_block_device()), None)
    if found is None:
        pytest.skip("this machine shows no block device")
    return found


def brought(*looks: dict[Path, int]) -> list[Path]:
    """What is brought in where something else is plugged in at each look."""
    todo, places = list(looks), []

    def plugged() -> dict[Path, int]:
        if not todo:
            raise EndOfTest
        return todo.pop(0)

    def bring(place: Path) -> Outcome:
        places.append(place)
        return Outcome("device")

    with pytest.raises(EndOfTest):
        watch([], bring, Screen(Console(file=io.StringIO())), plugged=[plugged], pause=0.01)
    return places


@pytest.mark.requirement("D1")
def test_a_card_that_stays_in_is_brought_in_once(reader):
    assert brought({reader: 1}, {reader: 1}, {reader: 1}) == [reader]


@pytest.mark.requirement("D1")
def test_the_next_card_in_the_same_reader_is_brought_in_too(reader):
    assert brought({reader: 1}, {}, {reader: 2}) == [reader, reader]


@pytest.mark.requirement("D1")
def test_cards_that_were_changed_between_two_looks_are_brought_in_both(reader):
    assert brought({reader: 1}, {reader: 2}, {reader: 2}) == [reader, reader]


def test_a_camera_that_comes_back_to_its_cable_is_brought_in_again():
    cable = Cable("Canon EOS R5", "usb:001,004")
    assert brought({cable: 0}, {cable: 0}, {}, {cable: 0}) == [cable, cable]


def partition(name: str = "sdb1", *, removable: bytes | None = b"1", slot: bytes | None = None) -> SimpleNamespace:
    """A partition as udev tells of it: on a disk, which may be in a slot of the machine's own."""
    mmc = SimpleNamespace(attributes={"type": slot}) if slot else None
    disk = SimpleNamespace(attributes={"removable": removable}, find_parent=lambda _kind: mmc)
    return SimpleNamespace(device_node=f"/dev/{name}", find_parent=lambda kind: disk if kind == "block" else None)


def test_cards_are_told_from_the_machines_own_disks():
    assert of_a_card(partition())
    assert of_a_card(partition("mmcblk0p1", removable=b"0", slot=b"SD"))
    assert not of_a_card(partition("mmcblk1p1", removable=b"0", slot=b"MMC"))  # the flash memory that some small PCs start from
    assert not of_a_card(partition("sda1", removable=b"0"))
    assert not of_a_card(SimpleNamespace(device_node="/dev/x", find_parent=lambda _kind: None))


def test_each_time_that_a_card_is_put_in_is_counted():
    readers = Readers()
    before = readers()
    place = Path("/dev/sdb1")
    for action, expected in [("add", 1), ("change", 1), ("remove", None), ("add", 2), ("add", 3), ("remove", None)]:
        readers.heard(action, partition())
        assert readers().get(place) == expected
    readers.heard("add", partition("sda1", removable=b"0"))
    assert readers() == before
