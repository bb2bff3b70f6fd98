"""Traces of frames: fingerprints of their 4 KiB blocks, for saying afterwards whether any can still be read."""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

BLOCK = 4096
SECTOR = 512
Marks = NDArray[np.uint64]


def _mark(block: bytes | memoryview) -> int:
    return int.from_bytes(blake2b(block, digest_size=8).digest(), "little")


def is_constant(block: bytes | memoryview) -> bool:
    """Whether all bytes are the same: such a block says nothing of a photo."""
    raw = bytes(block)
    return raw == raw[:1] * len(raw)


class Fingerprints:
    """The marks of every frame's whole, non-constant blocks; 8 bytes a block."""

    def __init__(self) -> None:
        self._frames: list[Marks] = []
        self._all: Marks | None = None

    def gather(self) -> "Gathering":
        """A collector for one frame, fed with its bytes in order."""
        return Gathering(self)

    def add(self, marks: list[int]) -> int:
        """Enter a frame's marks and return its number."""
        self._frames.append(np.array(sorted(set(marks)), dtype=np.uint64))
        self._all = None
        return len(self._frames) - 1

    def frames_found(self, marks: set[int], *, erased: set[int]) -> int:
        """How many of the erased frames, by number, have one of these marks that no frame still on the card explains."""
        still_there = [frame for number, frame in enumerate(self._frames) if number not in erased]
        wanted = np.array(sorted(marks), dtype=np.uint64)
        if still_there:
            wanted = np.setdiff1d(wanted, np.concatenate(still_there))
        return sum(bool(np.isin(self._frames[number], wanted).any()) for number in erased)

    def known(self, marks: list[int]) -> set[int]:
        """Those of some marks that any frame has."""
        if self._all is None:
            self._all = np.unique(np.concatenate(self._frames)) if self._frames else np.empty(0, dtype=np.uint64)
        looked = np.array(marks, dtype=np.uint64)
        return set(looked[np.isin(looked, self._all)].tolist())

    def in_stretch(self, stretch: bytes) -> set[int]:
        """Known marks in a stretch of a medium, at every sector: a file's clusters begin at sectors, not at blocks."""
        if is_constant(stretch):
            return set()
        marks = []
        for at in range(0, len(stretch) - BLOCK + 1, SECTOR):
            block = stretch[at : at + BLOCK]
            if not is_constant(block):
                marks.append(_mark(block))
        return self.known(marks) if marks else set()


class Gathering:
    """Collects one frame's marks while its bytes pass by."""

    def __init__(self, into: Fingerprints) -> None:
        self._into, self._rest, self._marks = into, bytearray(), list[int]()

    def feed(self, piece: bytes | memoryview) -> None:
        self._rest += piece
        whole = len(self._rest) - len(self._rest) % BLOCK
        view = bytes(self._rest[:whole])
        del self._rest[:whole]
        for at in range(0, whole, BLOCK):
            block = view[at : at + BLOCK]
            if not is_constant(block):
                self._marks.append(_mark(block))

    def finish(self) -> int:
        """Enter the marks; returns the frame's number."""
        return self._into.add(self._marks)
