"""What can still be found on a card: by photorec, by looking for stretches of each photo, by looking for names."""

import subprocess
from pathlib import Path

from tests.factories.cards import needs

KINDS = "fileopt,everything,disable,jpg,enable"
PROBE, EVERY = 32, 4_096


def recovered(image: Path, photos: dict[str, bytes], into: Path) -> int:
    """Photos that photorec brings back, whole or in part, from all of a card and from its free space."""
    needs("photorec")
    into.mkdir()
    for space in ("wholespace", "freespace"):
        command = ["photorec", "/log", "/d", str(into / space), "/cmd", str(image), f"partition_none,{KINDS},{space},search"]
        subprocess.run(command, check=True, capture_output=True, cwd=into)
    heads = {piece[:EVERY] for piece in (file.read_bytes() for file in into.rglob("*.jpg"))}
    return sum(data[:EVERY] in heads for data in photos.values())


def probes(image: Path, photos: dict[str, bytes]) -> int:
    """Stretches of the photos, one each 4 KiB, that are still on the card."""
    raw = image.read_bytes()
    return sum(raw.find(data[at : at + PROBE]) >= 0 for data in photos.values() for at in range(0, len(data) - PROBE, EVERY))


def names(image: Path, photos: dict[str, bytes]) -> int:
    """Names of the photos that are still on the card: in one byte a letter, as FAT has them, or in two, as exFAT has them."""
    raw = image.read_bytes().upper()
    spelt = [(name.encode(), name.replace(".", "").encode(), name.encode("utf-16-le")) for name in photos]
    return sum(any(form in raw for form in forms) for forms in spelt)
