"""A card with photos on it, brought in by the station at a door in memory: what became of it, and what the terminal said."""

import io
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from tests.factories import cards
from tests.simulators.door import NOW, Door

from station.card import opened
from station.job import Job
from station.journal import Journal
from station.outcome import Outcome
from station.words import Screen


def filled(folder: Path, system: str, **more: bytes) -> tuple[Path, dict[str, bytes]]:
    """A card of that file system with six photos, and more files as a test likes."""
    image = folder / "card.img"
    blank = cards.exfat_image(image) if system == "exfat" else cards.fat_image(image, mib=40, bits=int(system[3:]))
    photos = {f"IMG_{number:04}.JPG": cards.a_photo(number, size=(900, 600)) for number in range(1, 7)}
    cards.put(blank, photos | more, folder)
    return image, photos


def bring(
    home: Path, what: Path, door: Door, *, whole: bool = False, at: Callable[[str, int], None] = lambda *_: None
) -> tuple[Outcome, str]:
    """The import, and what the terminal beside the reader said at its end. `at` is called at each step."""
    home.mkdir(exist_ok=True)
    server, out = door.server(), io.StringIO()

    def tell(step: str, done: int, _of: int) -> None:
        at(step, done)

    try:
        with opened(what) as card:
            outcome = Job(card, door.identity, server, Journal(home), tell=tell, now=lambda: NOW, whole=whole).run()
    finally:
        server.close()
    Screen(Console(file=out, width=400)).done(outcome)
    return outcome, out.getvalue()
