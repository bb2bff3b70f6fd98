"""How the parent and a worker speak. Used by the worker to ask and answer; the parent judges answers in `answers`.

A request: 8 bytes length of the file, 1 byte what is asked, 7 bytes kind. The file itself lies in shared memory.
An answer: 4 bytes each, the lengths of note, preview and thumb; then the three. The note is JSON.
"""

import os
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from safelight.photographs.pictures.kinds import Kind

REQUEST = struct.Struct("<QB7s")
LENGTHS = struct.Struct("<III")
LARGEST_NOTE = 16 * 1024
LARGEST_PREVIEW = 8 * 2**20
LARGEST_THUMB = 2**20


class Asked(IntEnum):
    """What is wanted of a file. LOOK draws nothing: it looks closely for a slate."""

    DRAW = 0
    DRAW_SLATE_EXPECTED = 1
    LOOK = 2


@dataclass(frozen=True)
class Request:
    length: int
    kind: Kind
    asked: Asked

    def pack(self) -> bytes:
        return REQUEST.pack(self.length, self.asked, self.kind.encode())

    @classmethod
    def unpack(cls, data: bytes) -> "Request":
        length, asked, kind = REQUEST.unpack(data)
        return cls(length, Kind(kind.rstrip(b"\0").decode()), Asked(asked))


def read_exactly(descriptor: int, length: int) -> bytes:
    """So many bytes from a pipe, fewer only where it ends."""
    parts = bytearray()
    while len(parts) < length and (part := os.read(descriptor, length - len(parts))):
        parts += part
    return bytes(parts)


def write_all(descriptor: int, parts: Iterable[bytes]) -> None:
    """Everything into a pipe."""
    for part in parts:
        rest = memoryview(part)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
