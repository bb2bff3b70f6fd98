"""RAW files with a sensor's data in them (DNG 1.4), which can be developed, and with no picture for show, or with one."""

import struct

import numpy as np
from numpy.typing import NDArray

_BYTE, _ASCII, _SHORT, _LONG, _RATIONAL, _SIGNED = 1, 2, 3, 4, 5, 10
_HEADER = 8


def dng(mosaic: NDArray[np.uint16], *, behind: bytes = b"") -> bytes:
    """A DNG of one strip of 16 bits, red above green; `behind` stands after it, as a picture for show does."""
    height, width = mosaic.shape
    data = mosaic.astype("<u2").tobytes()
    entries: list[tuple[int, int, list[int] | bytes]] = [
        (254, _LONG, [0]),
        (256, _LONG, [width]),
        (257, _LONG, [height]),
        (258, _SHORT, [16]),
        (259, _SHORT, [1]),
        (262, _SHORT, [32803]),
        (271, _ASCII, b"Lumen\0"),
        (272, _ASCII, b"Lumen C24\0"),
        (273, _LONG, [0]),
        (274, _SHORT, [1]),
        (277, _SHORT, [1]),
        (278, _LONG, [height]),
        (279, _LONG, [len(data)]),
        (33421, _SHORT, [2, 2]),
        (33422, _BYTE, bytes((0, 1, 1, 2))),
        (50706, _BYTE, bytes((1, 4, 0, 0))),
        (50717, _LONG, [65535]),
        (50721, _SIGNED, [1, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1, 1]),
        (50728, _RATIONAL, [1, 1, 1, 1, 1, 1]),
        (50778, _SHORT, [21]),
    ]
    strip = len(_directory(entries))
    entries[8] = (273, _LONG, [_HEADER + strip])
    return b"II*\0" + struct.pack("<I", _HEADER) + _directory(entries) + data + behind


def _directory(entries: list[tuple[int, int, list[int] | bytes]]) -> bytes:
    table, after = b"", b""
    begins = _HEADER + 2 + 12 * len(entries) + 4
    for tag, kind, values in entries:
        letter = {_SHORT: "H", _LONG: "I", _RATIONAL: "I", _SIGNED: "i"}.get(kind, "")
        data = values if isinstance(values, bytes) else struct.pack(f"<{len(values)}{letter}", *values)
        count = len(values) // (2 if kind in (_RATIONAL, _SIGNED) else 1)
        if len(data) > 4:
            data, after = struct.pack("<I", begins + len(after)), after + data + bytes(len(data) % 2)
        table += struct.pack("<HHI", tag, kind, count) + data.ljust(4, b"\0")
    return struct.pack("<H", len(entries)) + table + bytes(4) + after
