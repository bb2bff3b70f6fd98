"""What is in the readers and on the cables now. A card that was taken out and put in again is another insertion, wherever it is."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pyudev

from station.usb import Cable, on_cables

Place = Path | Cable
Plugged = Callable[[], dict[Place, int]]  # how often something was put in at each place that holds something


def cameras(models: Sequence[str]) -> Plugged:
    """Cameras of these models on cables. Of no others: a phone that somebody charges speaks as a camera does, and is not emptied."""
    return lambda: dict.fromkeys(on_cables(models), 0) if models else {}


class Readers:
    """The card readers' partitions: kept up to date by udev where it runs, as they were at the start elsewhere."""

    def __init__(self) -> None:
        self._in: dict[Place, int] = {}
        self._times: Counter[Place] = Counter()
        context = pyudev.Context()
        for device in context.list_devices(subsystem="block", DEVTYPE="partition"):
            self.heard("add", device)
        try:
            monitor = pyudev.Monitor.from_netlink(context)
            monitor.filter_by(subsystem="block", device_type="partition")
        except OSError:
            return
        threading.Thread(target=self._follow, args=(monitor,), daemon=True, name="cards").start()

    def __call__(self) -> dict[Place, int]:
        return dict(sorted(dict(self._in).items()))

    def heard(self, action: str | None, device: pyudev.Device) -> None:
        """What udev said of a partition."""
        place = Path(device.device_node)
        if action == "add" and of_a_card(device):
            self._times[place] += 1
            self._in[place] = self._times[place]
        elif action == "remove":
            self._in.pop(place, None)

    def _follow(self, monitor: pyudev.Monitor) -> None:
        for device in iter(monitor.poll, None):
            self.heard(device.action, device)


def of_a_card(device: pyudev.Device) -> bool:
    """Whether a partition is of a card: in a reader on USB, or in a slot of the machine, whose disks say that they do not come out."""
    disk = device.find_parent("block")
    if disk is None:
        return False
    slot = disk.find_parent("mmc")
    return disk.attributes.get("removable") == b"1" or (slot is not None and slot.attributes.get("type") == b"SD")
