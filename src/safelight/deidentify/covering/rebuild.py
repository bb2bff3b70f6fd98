"""Writing a JPEG from an allow-list: what is not named here is not in a copy. Pure.

SOI; an Exif of our own that says how the picture is turned, only where it is; JFIF without a thumbnail, or the twelve bytes of
Adobe's segment; a profile of our own; DQT, SOF, DHT, DRI, SOS with their scans; EOI, and nothing after it.
"""

from collections.abc import Iterator

from safelight.deidentify.covering.profiles import PROFILES, Space
from safelight.deidentify.covering.segments import ADOBE, ARITHMETIC, COVERABLE, FRAMES, Malformed, Marker, segments

_COPIED = {Marker.DQT, Marker.DHT, Marker.DRI, Marker.SOS, *COVERABLE} - set(ARITHMETIC)
_JFIF = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"  # version 1.1, square pixels, no thumbnail
_LONGEST_ADOBE = 12
_THREE = 3


def rebuild(coded: bytes, *, orientation: int, space: Space | None, adobe: bool = True) -> bytes:
    """The picture of a JPEG file and nothing else. `adobe` False leaves that segment out, whatever the coder wrote.

    Raises Malformed for what is no whole JPEG of Huffman codes.
    """
    parts: list[bytes] = []
    transform: int | None = None
    components = 0
    for segment in segments(coded):
        if segment.marker == Marker.APP14 and segment.payload[:5] == ADOBE and len(segment.payload) >= _LONGEST_ADOBE:
            transform = segment.payload[_LONGEST_ADOBE - 1]
        elif segment.marker in _COPIED:
            parts += [_segment(segment.marker, segment.payload), segment.coded]
            if segment.marker in FRAMES:
                components = segment.payload[5]
    if not components:
        raise Malformed("no frame of Huffman codes")
    return b"".join((b"\xff\xd8", *_head(components, transform if adobe else None, orientation, space), *parts, b"\xff\xd9"))


def _head(components: int, transform: int | None, orientation: int, space: Space | None) -> Iterator[bytes]:
    if transform is None and components <= _THREE:
        yield _segment(Marker.APP0, _JFIF)
    if orientation != 1:
        yield _segment(Marker.APP1, _exif(orientation))
    if space is not None:
        yield _segment(Marker.APP2, b"ICC_PROFILE\0\x01\x01" + PROFILES[space])
    if transform is not None:
        yield _segment(Marker.APP14, ADOBE + bytes((0, 100, 0, 0, 0, 0, transform)))


def _segment(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def _exif(orientation: int) -> bytes:
    """With marker and length 36 bytes: big-endian TIFF of one directory of one tag (EXIF 2.32, 4.6.4 Orientation, a SHORT)."""
    entry = bytes.fromhex("0112 0003 00000001") + bytes((0, orientation, 0, 0))
    return b"Exif\0\0MM\0*\0\0\0\x08\0\x01" + entry + bytes(4)
