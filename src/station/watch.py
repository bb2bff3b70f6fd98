"""Watching for cards and cameras, and bringing each in."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from handover.kinds import kind_of_name
from handover.reasons import SAYS, Left
from handover.receipt import ReceiptRefused
from station.mounting import CannotOpen
from station.outcome import Outcome
from station.plugged import Place, Plugged
from station.reading import CardOut
from station.server import Refused, TryLater
from station.usb import Cable
from station.usb_job import Kept
from station.words import NOT_HERE, Screen

PAUSE = 1.0
LATER = 5.0
Bring = Callable[[Place], Outcome | Kept]


def watch(
    folders: list[Path],
    bring: Bring,
    screen: Screen,
    *,
    plugged: Sequence[Plugged] = (),
    pause: float = PAUSE,
    later: float = LATER,
) -> None:
    """Import everything that is put in, one after the other, until the program is ended. Looks every `pause` seconds."""
    seen: dict[Place, tuple[int, object]] = {}
    screen.wait("Put a card in.")
    while True:
        there: dict[Place, int] = dict.fromkeys(folders, 0)
        for places in plugged:
            there |= places()
        seen = {place: state for place, state in seen.items() if place in there}
        for place, insertion in there.items():
            now = _state(place)
            if now is not None and seen.get(place) != (insertion, now) and _is_still(place, now, pause):
                now = _state_after(place, bring, screen, now, later)
                seen[place] = (insertion, now)
            if now is None:
                seen.pop(place, None)
        time.sleep(pause)


def _state_after(place: Place, bring: Bring, screen: Screen, before: object, later: float) -> object:
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


def _has_news(state: object, outcome: Outcome | Kept) -> bool:
    """Whether a photo came into a folder while the import ran: nobody has looked at it yet."""
    return isinstance(outcome, Outcome) and isinstance(state, tuple) and any(Path(name) not in outcome.fates for name, *_ in state)


def _state(place: Place) -> object:
    """What tells whether something new is there: the photos in a folder with size and time; that a device or a camera is there."""
    if isinstance(place, Cable) or place.is_block_device():
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


def _is_still(place: Place, now: object, pause: float) -> bool:
    """Whether nothing was written for a moment: a card that is still being filled is not read yet."""
    time.sleep(pause)
    return _state(place) == now
