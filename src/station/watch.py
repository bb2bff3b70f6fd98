"""Watching for cards: the system's own events where there are some, looking every second else."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pyudev

from handover.kinds import kind_of_name
from handover.reasons import SAYS, Left
from handover.receipt import ReceiptRefused
from station.mounting import CannotOpen
from station.outcome import Outcome
from station.reading import CardOut
from station.server import Refused, TryLater
from station.words import NOT_HERE, Screen

PAUSE = 1.0
LATER = 5.0
Bring = Callable[[Path], Outcome]


def watch(folders: list[Path], bring: Bring, screen: Screen, *, pause: float = PAUSE, later: float = LATER) -> None:
    """Import every card that appears, one after the other, until the program is ended. Looks every `pause` seconds."""
    devices = _devices()
    seen: dict[Path, object] = {}
    screen.wait("Put a card in.")
    while True:
        for place in [*folders, *devices()]:
            now = _state(place)
            if now is None:
                seen.pop(place, None)
            elif seen.get(place) != now and _is_still(place, now, pause):
                seen[place] = _state_after(place, bring, screen, now, later)
        time.sleep(pause)


def _state_after(place: Path, bring: Bring, screen: Screen, before: object, later: float) -> object:
    """Import, and return the state that needs no second import; None where it must be tried again."""
    try:
        outcome = bring(place)
    except TryLater as away:
        screen.wait(f"{away.says} Leave the card in: nothing is lost, the work goes on by itself.")
        time.sleep(later)
        return None
    except CardOut:
        screen.wait(SAYS[Left.CARD_OUT])
        return None
    except OSError:  # one bad card must not end the watch over the others
        screen.wait(NOT_HERE)
        return before
    except ReceiptRefused:
        screen.wait("The server's receipt is not genuine. Nothing was erased. Tell the people who look after the system.")
        return before
    except (CannotOpen, Refused) as fault:
        screen.wait(fault.says if isinstance(fault, Refused) else str(fault))
        return before
    screen.wait("Put a card in.")
    after = _state(place)
    return None if _has_news(after, outcome) else after


def _has_news(state: object, outcome: Outcome) -> bool:
    """Whether a photo came into a folder while the import ran: nobody has looked at it yet."""
    return isinstance(state, tuple) and any(Path(name) not in outcome.fates for name, *_ in state)


def _state(place: Path) -> object:
    """What tells whether something new is there: the photos in a folder with size and time; a device's being there."""
    if place.is_block_device():
        return "here"
    if not place.is_dir():
        return None
    found = []
    for path in place.rglob("*"):
        if kind_of_name(path.name):
            try:
                status = path.stat()
            except OSError:
                continue
            found.append((str(path), status.st_size, status.st_mtime_ns))
    return tuple(sorted(found)) or None


def _is_still(place: Path, now: object, pause: float) -> bool:
    """Whether nothing was written for a moment: a card that is still being filled is not read yet."""
    time.sleep(pause)
    return _state(place) == now


def _devices() -> Callable[[], list[Path]]:
    """A function that lists the card readers' partitions. Kept up to date by udev where it runs, empty elsewhere."""
    context = pyudev.Context()
    present: set[Path] = set()
    for device in context.list_devices(subsystem="block", DEVTYPE="partition"):
        if _removable(device):
            present.add(Path(device.device_node))
    try:
        monitor = pyudev.Monitor.from_netlink(context)
        monitor.filter_by(subsystem="block", device_type="partition")
    except OSError:
        return lambda: sorted(present)

    def follow() -> None:
        for device in iter(monitor.poll, None):
            place = Path(device.device_node)
            if device.action == "add" and _removable(device):
                present.add(place)
            elif device.action == "remove":
                present.discard(place)

    threading.Thread(target=follow, daemon=True, name="cards").start()
    return lambda: sorted(present)


def _removable(device: pyudev.Device) -> bool:
    parent = device.find_parent("block")
    return parent is not None and parent.attributes.get("removable") == b"1"
