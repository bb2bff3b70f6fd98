"""Colour spaces that cameras use, as profiles of our own making. Only for the worker.

A camera set to Adobe RGB often embeds no profile and says so by the EXIF interoperability index "R03" alone (DCF 2.0, 3.3.3).
"""

import struct

from PIL import ImageCms

_XYZ = {  # Adobe RGB (1998), 4.3.1, adapted to D50 as ICC.1:2001 asks
    b"rXYZ": (0.60974, 0.31111, 0.01947),
    b"gXYZ": (0.20528, 0.62567, 0.06087),
    b"bXYZ": (0.14919, 0.06322, 0.74457),
    b"wtpt": (0.96420, 1.00000, 0.82491),
}
_GAMMA = 0x0233  # 2.19921875 in u8Fixed8Number
_HEADER, _TAG = 128, 12


def adobe_rgb() -> bytes:
    """A profile of Adobe RGB (1998): primaries, white and one gamma, nothing else."""
    curve = b"curv" + struct.pack(">4xIH2x", 1, _GAMMA)
    words = b"text\0\0\0\0Adobe RGB (1998) compatible\0".ljust(40, b"\0")
    tags = {name: b"XYZ " + struct.pack(">4x3i", *(round(value * 65536) for value in xyz)) for name, xyz in _XYZ.items()}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve) | {b"cprt": words}
    place = _HEADER + 4 + _TAG * len(tags)
    table, data = struct.pack(">I", len(tags)), b""
    for name, value in tags.items():
        table += struct.pack(">4sII", name, place + len(data), len(value))
        data += value
    header = struct.pack(">I4xI4s4s4s12x4s", place + len(data), 0x02100000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    illuminant = struct.pack(">3i", *(round(value * 65536) for value in _XYZ[b"wtpt"]))
    return header.ljust(68, b"\0") + illuminant + bytes(48) + table + data


SRGB = ImageCms.createProfile("sRGB")
SRGB_PROFILE = ImageCms.ImageCmsProfile(SRGB).tobytes()
ADOBE_RGB_PROFILE = adobe_rgb()
