"""HEIC files (ISO 23008-12), put together from pictures that an encoder has made once: `tests/vectors/heic`.

`heic("quartered")` is one picture. More names are more pictures; `primary` says which is the photo, `turns` by how many quarter turns
against the clock a reader turns it (`irot`), `depth` names one that is its depth map, `size` is what the file claims.
"""

import struct
from collections.abc import Iterator
from functools import cache

from tests.shared import PROJECT

SIZES = {"quartered": (96, 64), "red": (64, 64), "slate": (960, 640)}
SLATE = "SFL1-PJQ5Y6MM21N0-GQ"  # what `slate` shows
_DEPTH = b"urn:mpeg:hevc:2015:auxid:2\0"


@cache
def _coded(name: str, ending: str) -> bytes:
    return (PROJECT / "tests" / "vectors" / "heic" / f"{name}.{ending}").read_bytes()


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def _full(kind: bytes, content: bytes, version: int = 0, flags: int = 0) -> bytes:
    return _box(kind, struct.pack(">I", version << 24 | flags) + content)


def heic(
    *names: str,
    primary: int = 0,
    turns: int = 0,
    depth: str = "",
    exif: bytes = b"",
    size: tuple[int, int] | None = None,
    tail: bytes = b"",
) -> bytes:
    """One file. `exif` is a TIFF block; `tail` stands behind all else, so that two files of the same picture are two."""
    pictures = [*names, *([depth] if depth else [])]
    items = [(number, b"hvc1", _coded(name, "hevc")) for number, name in enumerate(pictures, 1)]
    if exif:
        items.append((len(items) + 1, b"Exif", struct.pack(">I", 6) + b"Exif\0\0" + exif))
    properties, uses = _properties(pictures, turns=turns, depth=bool(depth), size=size)
    refers = [(b"cdsc", items[-1][0], primary + 1)] if exif else []
    if depth:
        refers.append((b"auxl", len(pictures), primary + 1))

    def file(places: Iterator[int]) -> bytes:
        entries = b"".join(_full(b"infe", struct.pack(">HH", number, 0) + kind + b"\0", version=2) for number, kind, _ in items)
        where = b"".join(struct.pack(">HHHII", number, 0, 1, next(places), len(data)) for number, _, data in items)
        meta = (
            _full(b"hdlr", bytes(4) + b"pict" + bytes(13))
            + _full(b"pitm", struct.pack(">H", primary + 1))
            + _full(b"iinf", struct.pack(">H", len(items)) + entries)
            + _full(b"iloc", b"\x44\0" + struct.pack(">H", len(items)) + where)
            + _box(b"iprp", _box(b"ipco", properties) + _full(b"ipma", uses))
            + (_full(b"iref", b"".join(_box(kind, struct.pack(">HHH", of, 1, to)) for kind, of, to in refers)) if refers else b"")
        )
        head = _box(b"ftyp", b"heic" + bytes(4) + b"mif1heic")
        return head + _full(b"meta", meta) + _box(b"mdat", b"".join(data for _, _, data in items)) + (_box(b"free", tail) if tail else b"")

    data = sum(len(data) for _, _, data in items)
    behind = len(_box(b"free", tail)) if tail else 0
    begin = len(file(iter([0] * len(items)))) - data - behind
    starts = [begin + sum(len(data) for _, _, data in items[:number]) for number in range(len(items))]
    return file(iter(starts))


def _properties(pictures: list[str], *, turns: int, depth: bool, size: tuple[int, int] | None) -> tuple[bytes, bytes]:
    """The properties of all pictures, and which picture has which: hvcC, ispe, and where it is so irot and auxC."""
    boxes: list[bytes] = []
    uses = struct.pack(">I", len(pictures))
    for number, name in enumerate(pictures, 1):
        own = [_box(b"hvcC", _coded(name, "hvcc")), _full(b"ispe", struct.pack(">II", *(size or SIZES[name])))]
        if turns:
            own.append(_box(b"irot", bytes([turns])))
        if depth and number == len(pictures):
            own.append(_full(b"auxC", _DEPTH))
        boxes += [one for one in own if one not in boxes]
        uses += struct.pack(">HB", number, len(own)) + bytes(boxes.index(one) + 1 | 0x80 for one in own)
    return b"".join(boxes), uses
