"""What can still be found on a card: by photorec, foremost and scalpel, by looking for stretches of each photo, by looking for names."""

import subprocess
from pathlib import Path

from tests.factories.cards import needs

KINDS = "fileopt,everything,disable,jpg,enable"
PROBE, EVERY = 32, 4_096
TOOLS = ("photorec", "foremost", "scalpel")


def recovered(image: Path, photos: dict[str, bytes], into: Path) -> int:
    """Photos that any of three carvers brings back, whole or in part."""
    found = [recovered_by(tool, image, photos, into / tool) for tool in TOOLS]
    return len(set().union(*found))


def recovered_by(tool: str, image: Path, photos: dict[str, bytes], into: Path) -> set[str]:
    """Names of the photos that one carver brings back, told by how they begin."""
    needs(tool)
    into.mkdir(parents=True)
    for command in _commands(tool, image, into):
        subprocess.run(command, check=True, capture_output=True, cwd=into)
    heads = {file.read_bytes()[:EVERY] for file in into.rglob("*") if file.suffix.lower() in {".jpg", ".jpeg"}}
    return {name for name, data in photos.items() if data[:EVERY] in heads}


def _commands(tool: str, image: Path, into: Path) -> list[list[str]]:
    if tool == "photorec":  # the free space alone would pass over what is still allocated
        spaces = ("wholespace", "freespace")
        return [
            ["photorec", "/log", "/d", str(into / space), "/cmd", str(image), f"partition_none,{KINDS},{space},search"] for space in spaces
        ]
    if tool == "foremost":
        return [["foremost", "-Q", "-t", "jpg", "-i", str(image), "-o", str(into / "found")]]
    rules = into / "scalpel.conf"
    rules.write_text("jpg y 20000000 \\xff\\xd8\\xff \\xff\\xd9\n")
    return [["scalpel", "-c", str(rules), "-o", str(into / "found"), str(image)]]


def probes(image: Path, photos: dict[str, bytes]) -> int:
    """Stretches of the photos, one each 4 KiB, that are still on the card."""
    raw = image.read_bytes()
    return sum(raw.find(data[at : at + PROBE]) >= 0 for data in photos.values() for at in range(0, len(data) - PROBE, EVERY))


def names(image: Path, photos: dict[str, bytes]) -> int:
    """Names of the photos that are still on the card: in one byte a letter, as FAT has them, or in two, as exFAT has them."""
    raw = image.read_bytes().upper()
    spelt = [(name.encode(), name.replace(".", "").encode(), name.encode("utf-16-le")) for name in photos]
    return sum(any(form in raw for form in forms) for forms in spelt)
