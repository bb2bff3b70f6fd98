"""HEIC: how many pictures a file holds beside the one that is shown (ISO 14496-12, 8.11.6 `infe`)."""

import re

_ITEM = re.compile(rb"infe[\x02\x03]\x00\x00.{4,6}?(hvc1|grid|iden|Exif|mime|av01|jpeg)", re.DOTALL)
_MOST_ITEMS = 4096


def carried(data: bytes) -> list[tuple[str, str]]:
    head = data[: 2**20]
    kinds = [found[1] for found, _ in zip(_ITEM.finditer(head), range(_MOST_ITEMS), strict=False)]
    found = []
    if b"auxl" in head or b"auxC" in head:
        found.append(("Second picture", "depth or another layer"))
    if b"thmb" in head:
        found.append(("Thumbnail of the picture", "a small picture of the whole photo"))
    if b"mime" in kinds and b"rdf" not in data:
        found.append(("Unknown block", "a text"))
    return found
