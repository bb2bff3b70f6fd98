"""Whether a FAT holds together: chains of clusters that meet or run in circles hang a driver, or wipe one file with another."""

import struct
from pathlib import Path

import numpy as np

_BOOT = 512
_FIRST = 2  # the number of the first cluster
_LEAST_16, _LEAST_32 = 4_085, 65_525  # clusters from which on a FAT has entries of 16 and of 32 bits


def are_crossed(device: Path) -> bool:
    """Whether two clusters of a FAT16 or FAT32 lead to the same next one. What cannot be read is left to who mounts it."""
    try:
        with device.open("rb") as file:
            boot = file.read(_BOOT)
            sector, per_cluster, reserved, tables, root = struct.unpack_from("<HBHBH", boot, 11)
            small, short, large, long = *struct.unpack_from("<H", boot, 19), *struct.unpack_from("<H", boot, 22), *_longs(boot)
            length = short or long
            clusters = ((small or large) - reserved - tables * length - (32 * root + sector - 1) // sector) // per_cluster
            if clusters < _LEAST_16:
                return False
            file.seek(reserved * sector)
            table = file.read(length * sector)
    except (OSError, struct.error, ZeroDivisionError):
        return False
    entries = np.frombuffer(table, dtype="<u4" if clusters >= _LEAST_32 else "<u2")[: clusters + _FIRST].astype(np.uint32) & 0x0FFFFFFF
    following = entries[(entries >= _FIRST) & (entries < clusters + _FIRST)]
    return bool(following.size) and int(np.bincount(following).max()) > 1


def _longs(boot: bytes) -> tuple[int, int]:
    """All sectors, and those of a table, where they do not fit into 16 bits."""
    return struct.unpack_from("<I", boot, 32)[0], struct.unpack_from("<I", boot, 36)[0]
