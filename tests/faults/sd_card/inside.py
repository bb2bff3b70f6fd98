"""In the virtual machine: a card is made as a camera makes one, filled, and brought in by the station.

`python -m tests.faults.sd_card.inside SYSTEM whole|files FOLDER`: the photos lie in FOLDER/photos; what was seen goes to
FOLDER/said.json. The server is in memory: the machine has no network.
"""

import io
import json
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from tests.simulators.door import NOW, Door

from station.card import opened
from station.job import Job
from station.journal import Journal
from station.words import Screen

CARD = Path("/dev/mmcblk0")
MAKE = {"fat16": ["mkfs.vfat", "-F", "16"], "exfat": ["mkfs.exfat"]}


def main() -> None:
    system, whole, folder = sys.argv[1], sys.argv[2] == "whole", Path(sys.argv[3])
    photos = {path.name: path.read_bytes() for path in sorted((folder / "photos").iterdir())}
    subprocess.run([*MAKE[system], CARD], check=True, capture_output=True)
    place = Path("/run/mounted")
    place.mkdir()
    subprocess.run(["mount", "-t", "vfat" if system == "fat16" else system, CARD, place], check=True)
    (place / "DCIM" / "100SAFEL").mkdir(parents=True)
    for name, data in photos.items():
        (place / "DCIM" / "100SAFEL" / name).write_bytes(data)
    subprocess.run(["umount", place], check=True)
    before = blocks_of(photos)
    door, out, home = Door(), io.StringIO(), Path("/run/home")
    home.mkdir()
    server = door.server()
    with opened(CARD) as card:
        outcome = Job(card, door.identity, server, Journal(home), tell=lambda *_: None, now=lambda: NOW, whole=whole).run()
    server.close()
    Screen(Console(file=out, width=400)).done(outcome)
    [certificate] = door.certificates
    said = {
        "card": Path("/sys/block/mmcblk0/device/type").read_text().strip(),
        "clean": outcome.clean,
        "erased": outcome.erased,
        "method": certificate.method,
        "terminal": out.getvalue(),
        "blocks_before": before,
        "blocks_after": blocks_of(photos),
    }
    (folder / "said.json").write_text(json.dumps(said))


def blocks_of(photos: dict[str, bytes]) -> int:
    """How many blocks of the photos are on the card's medium, read anew."""
    Path("/proc/sys/vm/drop_caches").write_text("3")
    raw = CARD.read_bytes()
    return sum(raw.find(data[at : at + 512]) >= 0 for data in photos.values() for at in range(0, len(data) - 512, 4_096))


if __name__ == "__main__":
    main()
