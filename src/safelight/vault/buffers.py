"""Memory for one segment that is used again: the first touch of new memory costs more CPU than sealing what is put there.

1. A buffer is one borrower's until the block ends; who has a view of it keeps none beyond that.
2. What was in the clear is wiped before the buffer is lent again, or given back to the system.
3. It begins at a page, as a disk asks of what it writes to past the cache.
"""

import mmap
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = 1 << 20
MOST = 16  # that lie ready: four photos at once
_ready: list[mmap.mmap] = []
_EMPTY = bytes(SIZE)


def borrow() -> mmap.mmap:
    """A buffer of SIZE bytes, to be given back."""
    try:
        return _ready.pop()
    except IndexError:
        return mmap.mmap(-1, SIZE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)  # private: a child process gets its own


def give_back(buffer: mmap.mmap, *, clear: bool) -> None:
    """End a loan. `clear`: it may hold what nobody else should see."""
    if clear:
        buffer[:] = _EMPTY
    if len(_ready) < MOST:
        _ready.append(buffer)


@contextmanager
def borrowed(*, clear: bool) -> Iterator[memoryview]:
    """A buffer until the block ends. `clear`: it takes bytes that are not sealed."""
    buffer = borrow()
    try:
        yield memoryview(buffer)
    finally:
        give_back(buffer, clear=clear)
