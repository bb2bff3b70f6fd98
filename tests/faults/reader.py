"""A card that misbehaves when it is told to: `odd_card(folder)` is one in a reader, with photos on it, served by `odd_card.py`."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.factories import cards

from handover.reasons import Left
from station.outcome import Outcome

NAMES = [f"IMG_{number:04}.JPG" for number in (1, 2, 3)]
_PLUGIN = Path(__file__).with_name("odd_card.py")


class OddCard:
    """A card as a block device, and a way to tell it what to do wrong."""

    def __init__(self, folder: Path, photos: dict[str, bytes]) -> None:
        self.folder, self.photos = folder, photos
        self.image, self.device, self._control = folder / "card.img", Path(), folder / "control.json"

    def tell(self, **faults: object) -> None:
        draft = self._control.with_suffix(".new")
        draft.write_text(json.dumps(faults))
        draft.replace(self._control)

    def where(self, name: str) -> int:
        """Where in the image a part of a photo lies that no other has."""
        at = self.image.read_bytes().find(self.photos[name][-64:])
        assert at > 0
        return at

    def there(self) -> list[str]:
        """Names of photos that are whole on the card, looked at by somebody else."""
        with cards.attached(self.image) as device, cards.mounted(device, self.folder / "look") as root:
            found = {path.name: path.read_bytes() for path in root.rglob("*.JPG")}
        return [name for name, data in self.photos.items() if found.get(name) == data]

    def requests(self) -> int:
        """How often the card was read or written so far."""
        told = self.folder / "requests"
        return int(told.read_text()) if told.exists() else 0


def _ended(served: subprocess.Popen[bytes]) -> None:
    """A sandbox elsewhere on the machine may still see the mount, and then it would be served for as long as that lives."""
    try:
        served.wait(5)
    except subprocess.TimeoutExpired:
        served.kill()
        served.wait(20)


@contextmanager
def odd_card(folder: Path, *, empty: bool = False) -> Iterator[OddCard]:
    cards.needs("nbdkit", "nbdfuse", "mkfs.exfat", "mount.exfat-fuse", "losetup")
    photos = {name: cards.a_photo(number, size=(600, 400)) for number, name in enumerate(NAMES)}
    card = OddCard(folder, {} if empty else photos)
    cards.put(cards.exfat_image(card.image), card.photos, folder)
    card.tell()
    place = folder / "nbd"
    place.mkdir()
    plugin = ["nbdkit", "-s", "python", str(_PLUGIN), f"img={card.image}", f"ctl={card._control}", f"count={folder / 'requests'}"]
    with ExitStack() as stack, (folder / "nbd.log").open("w") as log:
        served = subprocess.Popen(["nbdfuse", f"{place}/", "--command", *plugin], stdout=log, stderr=log)
        stack.callback(_ended, served)
        stack.callback(subprocess.run, ["fusermount3", "-u", place], check=False, capture_output=True)
        deadline = time.monotonic() + 20
        while not (place / "nbd").exists():
            assert time.monotonic() < deadline, (folder / "nbd.log").read_text()
            time.sleep(0.05)
        card.device = stack.enter_context(cards.attached(place / "nbd", past_the_cache=True))
        try:
            yield card
        finally:
            card.tell()


def photos_of(raw: bytes, photos: dict[str, bytes]) -> set[str]:
    """Photos of which every probe is in the image."""
    return {name for name, data in photos.items() if all(raw.find(data[at : at + 512]) >= 0 for at in range(0, len(data) - 512, 4_096))}


def whys(outcome: Outcome) -> dict[str, Left]:
    return {Path(fate.name).name: fate.why for fate in outcome.left}
