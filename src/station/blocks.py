"""Traces of frames: fingerprints of their 4 KiB blocks, for saying afterwards whether any can still be read.

A mark is the sum of a block's 64-bit words, each folded and multiplied by a random odd number that this run has drawn. Equal blocks have
equal marks, always, so a trace is never missed; two blocks that differ share a mark with a chance below 2^-32. A sum of eight
sectors' sums is what makes every sector of a medium affordable as the beginning of a block.
"""

import secrets

import numpy as np
from numpy.typing import NDArray

BLOCK = 4096
SECTOR = 512
WORD = 8
SECTORS = BLOCK // SECTOR
FOLD = np.uint64(32)
LOWEST, EACH = np.uint64(0xFF), np.uint64(0x0101010101010101)
Marks = NDArray[np.uint64]


def is_constant(block: bytes | memoryview) -> bool:
    """Whether all bytes are the same: such a block says nothing of a photo."""
    raw = bytes(block)
    return raw == raw[:1] * len(raw)


class Fingerprints:
    """The marks of every frame's whole, non-constant blocks; 8 bytes a block."""

    def __init__(self) -> None:
        self._frames: list[Marks] = []
        self._all: Marks | None = None
        drawn = np.frombuffer(secrets.token_bytes(BLOCK), dtype=np.uint64) | np.uint64(1)
        self._factors = drawn.reshape(SECTORS, SECTOR // WORD)

    def gather(self) -> "Gathering":
        """A collector for one frame, fed with its bytes in order."""
        return Gathering(self)

    def add(self, marks: Marks) -> int:
        """Enter a frame's marks and return its number. For one thread only, and in the card's order."""
        self._frames.append(marks)
        self._all = None
        return len(self._frames) - 1

    def frames_found(self, marks: set[int], *, erased: set[int]) -> int:
        """How many of the erased frames, by number, have one of these marks that no frame still on the card explains."""
        still_there = [frame for number, frame in enumerate(self._frames) if number not in erased]
        wanted = np.array(sorted(marks), dtype=np.uint64)
        if still_there:
            wanted = np.setdiff1d(wanted, np.concatenate(still_there))
        return sum(bool(np.isin(self._frames[number], wanted).any()) for number in erased)

    def known(self, marks: Marks) -> set[int]:
        """Those of some marks that any frame has."""
        if self._all is None:
            self._all = np.unique(np.concatenate([np.empty(0, np.uint64), *self._frames]))
        if not self._all.size:
            return set()
        at = np.minimum(np.searchsorted(self._all, marks), self._all.size - 1)
        return set(marks[self._all[at] == marks].tolist())

    def in_stretch(self, stretch: bytes) -> set[int]:
        """Known marks in a stretch of a medium, at every sector: a file's clusters begin at sectors, not at blocks."""
        if is_constant(stretch):
            return set()
        return self.known(self._at_every_sector(stretch))

    def of_blocks(self, raw: bytes | memoryview, *, into: Marks | None = None) -> Marks:
        """The marks of the whole blocks in a row of bytes. Constant blocks have none. `into` is worked in, where it is as long as `raw`."""
        words = np.frombuffer(raw, dtype=np.uint64, count=len(raw) // BLOCK * BLOCK // WORD).reshape(-1, BLOCK // WORD)
        folded = np.empty_like(words) if into is None or into.size < words.size else into[: words.size].reshape(words.shape)
        np.right_shift(words, FOLD, out=folded)
        np.bitwise_xor(words, folded, out=folded)
        found: Marks = np.einsum("ij,j->i", folded, self._factors.reshape(-1))
        return found[~_even(words)]

    def _at_every_sector(self, raw: bytes) -> Marks:
        count = len(raw) // SECTOR
        blocks = max(0, count - SECTORS + 1)
        words = np.frombuffer(raw, dtype=np.uint64, count=count * SECTOR // WORD).reshape(count, SECTOR // WORD)
        sums = (words ^ (words >> FOLD)) @ self._factors.T
        even, first = _even(words), words[:, 0]
        found, constant = np.zeros(blocks, np.uint64), np.ones(blocks, bool)
        for number in range(SECTORS):
            here = slice(number, number + blocks)
            found += sums[here, number]
            constant &= even[here] & (first[here] == first[:blocks])
        return found[~constant]


def _even(rows: Marks) -> NDArray[np.bool_]:
    """Which rows of words hold one byte only."""
    first = rows[:, 0]
    found: NDArray[np.bool_] = first == (first & LOWEST) * EACH
    if found.any():
        found[found] = (rows[found] == first[found, None]).all(axis=1)
    return found


class Gathering:
    """Collects one frame's marks while its bytes pass by."""

    def __init__(self, into: Fingerprints) -> None:
        self._into, self._rest, self._marks = into, bytearray(), list[Marks]()
        self._work = np.empty(0, np.uint64)  # new memory for each piece costs more than the marks

    def feed(self, piece: bytes | memoryview) -> None:
        """The next bytes of the frame."""
        if self._rest or len(piece) % BLOCK:
            self._rest += piece
            piece = bytes(self._rest)
        whole = len(piece) - len(piece) % BLOCK
        if self._work.size < whole // WORD:
            self._work = np.empty(whole // WORD, np.uint64)
        self._marks.append(self._into.of_blocks(memoryview(piece)[:whole], into=self._work))
        self._rest = bytearray(memoryview(piece)[whole:])

    def finish(self) -> Marks:
        """The frame's marks, each once."""
        return np.unique(np.concatenate([np.empty(0, np.uint64), *self._marks]))
