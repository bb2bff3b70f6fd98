"""The three colour spaces that cameras write, as small profiles of our own (ICC.1:2010). Pure.

A profile from a file is never copied: its texts may name a person, a place or a device.
"""

import struct
from enum import StrEnum


class Space(StrEnum):
    SRGB = "srgb"
    DISPLAY_P3 = "display-p3"
    ADOBE_RGB = "adobe-rgb"


_WHITE = (0.96420, 1.00000, 0.82491)  # D50, the white of every profile (ICC.1:2010, 7.2.16)
_RED_GREEN_BLUE = {  # adapted to D50
    Space.SRGB: ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410)),
    Space.DISPLAY_P3: ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407)),
    Space.ADOBE_RGB: ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457)),
}
_ADOBE_GAMMA = 0x0233  # 2.19921875 in u8Fixed8Number; Adobe RGB (1998), 4.3.4.2
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)  # IEC 61966-2-1
_HEADER, _ENTRY = 128, 12


def _fixed(*values: float) -> bytes:
    return struct.pack(f">{len(values)}i", *(round(value * 65536) for value in values))


def _words(text: str) -> bytes:
    written = text.encode("utf-16-be")
    return struct.pack(">4s4xII2s2sII", b"mluc", 1, 12, b"en", b"US", len(written), 28) + written


def _profile(space: Space) -> bytes:
    curve = (
        b"curv" + struct.pack(">4xIH", 1, _ADOBE_GAMMA)
        if space is Space.ADOBE_RGB
        else b"para" + struct.pack(">4xHxx", 3) + _fixed(*_SRGB_CURVE)
    )
    values = {b"desc": _words(space.value), b"cprt": _words("CC0"), b"wtpt": b"XYZ " + bytes(4) + _fixed(*_WHITE)}
    for letter, primary in zip("rgb", _RED_GREEN_BLUE[space], strict=True):
        values[f"{letter}XYZ".encode()] = b"XYZ " + bytes(4) + _fixed(*primary)
    values |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    table, data, written = struct.pack(">I", len(values)), b"", dict[bytes, int]()
    begins = _HEADER + 4 + _ENTRY * len(values)
    for name, value in values.items():
        if value not in written:  # the three curves are one
            written[value] = begins + len(data)
            data += value + bytes(-len(value) % 4)
        table += struct.pack(">4sII", name, written[value], len(value))
    header = struct.pack(">I4xI4s4s4s12x4s", begins + len(data), 0x04300000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    return (header.ljust(68, b"\0") + _fixed(*_WHITE)).ljust(_HEADER, b"\0") + table + data


PROFILES = {space: _profile(space) for space in Space}
