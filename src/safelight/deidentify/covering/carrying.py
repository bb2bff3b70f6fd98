"""What a file carries beside its picture, in words for a person. Only for the worker: it parses other people's bytes.

Nothing here decides anything: whatever is not found here is left out of a copy all the same. Texts of a file are data: XML is searched
for a few known names and never parsed, so that it can name no other file and unfold nothing.
"""

from safelight.deidentify.covering.framing import LONGEST_WORDS, MOST_NOTES
from safelight.deidentify.covering.notes import boxes, exif, jpeg, png, texts
from safelight.photographs.pictures.kinds import Kind

_EXIF_LIES_WITHIN = 2**20
Noted = tuple[str, str]


def carried(data: bytes, kind: Kind, name: str) -> tuple[Noted, ...]:
    """Name and value of each thing, once; the first two hundred. Never raises for what a file holds."""
    found: list[Noted] = []
    if name:
        found.append(("File name", name))
    found += exif.carried(data[:_EXIF_LIES_WITHIN] if kind in (Kind.JPEG, Kind.MPO) else data)
    if kind in (Kind.JPEG, Kind.MPO):
        found += jpeg.carried(data)
    elif kind is Kind.PNG:
        found += png.carried(data)
    elif kind is Kind.HEIC:
        found += boxes.carried(data)
    found += texts.xmp(data)
    if kind not in (Kind.JPEG, Kind.MPO, Kind.PNG, Kind.HEIC):
        found += texts.inside(data)
    return tuple(dict.fromkeys((plain(said), plain(value)) for said, value in found if plain(value)))[:MOST_NOTES]


def plain(text: str) -> str:
    """One line that can be printed, not longer than a person reads."""
    printed = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * LONGEST_WORDS])
    line = " ".join(printed.split())
    return line if len(line) <= LONGEST_WORDS else line[: LONGEST_WORDS - 2] + " …"
