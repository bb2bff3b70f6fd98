"""Proof that a JPEG carries a picture and nothing else. Pure; it shares no code with what writes.

1. After SOI stand first the few blocks that may say something of the picture, each byte of them known beforehand.
2. Then tables, one frame and its scans, each exactly as long as its own numbers say.
3. Coded data holds no marker but restarts, and the file ends with EOI: not one byte follows.

Whatever does not fit is refused: there is no list of what is bad.
"""

import struct
from dataclasses import dataclass

_OWN_EXIF = bytes.fromhex("FFE1 0022 457869660000 4D4D002A 00000008 0001 0112 0003 00000001 00")
_OWN_EXIF_END = bytes.fromhex("0000 00000000")
_OWN_JFIF = bytes.fromhex("FFE0 0010 4A46494600 0101 00 0001 0001 00 00")
_OWN_ADOBE = bytes.fromhex("FFEE 000E 41646F6265 0064 0000 0000")
_PROFILE_BEGINS = bytes.fromhex("4943435F50524F46494C4500 01 01")
_FRAME_CODES = (b"\xff\xc0", b"\xff\xc1", b"\xff\xc2")
_HUFFMAN_LENGTHS = 16


class NotProved(ValueError):
    """The file holds, or may hold, more than a picture."""


@dataclass(frozen=True)
class Proved:
    """What the file says of its picture: stored width and height in pixels, and how it is turned (EXIF, 1 to 8)."""

    width: int
    height: int
    orientation: int


def prove(file: bytes, profiles: frozenset[bytes]) -> Proved:
    """The picture of a file that carries nothing else but perhaps one of these profiles. Raises NotProved."""
    if file[:2] != b"\xff\xd8":
        raise NotProved("does not begin as a picture")
    at, orientation = _blocks(file, profiles)  # (1)
    size: tuple[int, int] | None = None
    scans = 0
    while (code := file[at : at + 2]) != b"\xff\xd9":
        body, after = _body(file, at)
        if code == b"\xff\xda":  # (2)
            if size is None or not body or len(body) != 4 + 2 * body[0]:
                raise NotProved("a scan out of form")
            scans += 1
            after = _past_coded(file, after)  # (3)
        elif code in _FRAME_CODES:
            if size is not None:
                raise NotProved("a second picture")
            size = _size(body)
        else:
            _table(code, body)
        at = after
    if at + 2 != len(file):
        raise NotProved("bytes after the end")
    if size is None or not scans:
        raise NotProved("no picture")
    return Proved(*size, orientation)


def _table(code: bytes, body: bytes) -> None:
    """Of the tables only those of quantisation and of Huffman, and the interval of restarts, which is two bytes."""
    if code == b"\xff\xdb":
        _quantisation(body)
    elif code == b"\xff\xc4":
        _huffman(body)
    elif code != b"\xff\xdd" or len(body) != 2:  # noqa: PLR2004 - a restart interval is two bytes
        raise NotProved("a block that is not allowed")


def _blocks(file: bytes, profiles: frozenset[bytes]) -> tuple[int, int]:
    """The place after the blocks that say something of the picture, each at most once and in this order, and the orientation."""
    at, orientation = 2, 1
    if file.startswith(_OWN_JFIF, at):
        at += len(_OWN_JFIF)
    if file.startswith(_OWN_EXIF, at):
        orientation = file[at + len(_OWN_EXIF)] if at + len(_OWN_EXIF) < len(file) else 0
        at += len(_OWN_EXIF) + 1
        if orientation not in range(2, 9) or not file.startswith(_OWN_EXIF_END, at):
            raise NotProved("an Exif that is not our own")
        at += len(_OWN_EXIF_END)
    if file[at : at + 2] == b"\xff\xe2":
        body, after = _body(file, at)
        if not body.startswith(_PROFILE_BEGINS) or body[len(_PROFILE_BEGINS) :] not in profiles:
            raise NotProved("a profile that is not our own")
        at = after
    if file.startswith(_OWN_ADOBE, at):
        at += len(_OWN_ADOBE) + 1
        if file[at - 1 : at] not in (b"\0", b"\1", b"\2"):
            raise NotProved("an Adobe block out of form")
    return at, orientation


def _body(file: bytes, at: int) -> tuple[bytes, int]:
    """What a block holds after its length, and where it ends."""
    try:
        start, _, length = struct.unpack_from(">BBH", file, at)
    except struct.error as fault:
        raise NotProved("cut short") from fault
    after = at + 2 + length
    if start != 0xFF or length < 2 or after > len(file):  # noqa: PLR2004 - the length counts itself
        raise NotProved("not a block")
    return file[at + 4 : after], after


def _size(body: bytes) -> tuple[int, int]:
    if len(body) < 6 or len(body) != 6 + 3 * body[5] or body[5] not in (1, 3, 4) or body[0] != 8:  # noqa: PLR2004 - ITU-T T.81, B.2.2
        raise NotProved("a frame out of form")
    height, width = struct.unpack_from(">HH", body, 1)
    if not (width and height):
        raise NotProved("a picture without a size")
    return width, height


def _quantisation(body: bytes) -> None:
    at = 0
    while at < len(body):
        precision, number = divmod(body[at], 16)
        if precision > 1 or number > 3:  # noqa: PLR2004 - T.81, B.2.4.1
            raise NotProved("a table out of form")
        at += 65 + 64 * precision
    if at != len(body) or not body:
        raise NotProved("a table with more in it")


def _huffman(body: bytes) -> None:
    at = 0
    while at < len(body):
        kind, number = divmod(body[at], 16)
        values = sum(body[at + 1 : at + 1 + _HUFFMAN_LENGTHS])
        if kind > 1 or number > 3 or values > 256:  # noqa: PLR2004 - T.81, B.2.4.2
            raise NotProved("a table out of form")
        at += 1 + _HUFFMAN_LENGTHS + values
    if at != len(body) or not body:
        raise NotProved("a table with more in it")


def _past_coded(file: bytes, at: int) -> int:
    """The place of the marker that ends coded data; a stuffed byte (FF 00) and restarts (FF D0 to D7) are no end."""
    while (at := file.find(b"\xff", at)) >= 0:
        following = file[at + 1 : at + 2]
        if following == b"\0" or b"\xd0" <= following <= b"\xd7":
            at += 2
        else:
            return at
    raise NotProved("a picture without an end")
