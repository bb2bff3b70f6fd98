"""The worker: a process of its own that decodes behind walls. Run as `python -m safelight.photographs.pictures.worker <fd>`.

1. Limits and an own empty network, then everything is imported and used once, then the walls close.
2. It greets with the walls that it tried and found standing.
3. Then one file after another: the request comes over standard input, the file lies in the shared memory of descriptor `fd`,
   the answer goes to standard output. It ends when standard input does.

Where `fd` is a socket, the process is a nursery (see there): it imports everything, and each worker that it forks begins with its walls.
Nothing here trusts the file, and the parent trusts nothing that comes from here.
"""

import json
import mmap
import os
import socket
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from typing import TypeVar

from safelight.photographs.pictures import nursery, walls
from safelight.photographs.pictures.framing import LENGTHS, REQUEST, Asked, Request, read_exactly, write_all
from safelight.photographs.pictures.kinds import Kind
from safelight.photographs.pictures.picture import Picture

Examine = Callable[[mmap.mmap, Kind, Asked], Picture]


Prepared = TypeVar("Prepared")


def behind_walls(prepare: Callable[[], Prepared], *, address_space: int = walls.ADDRESS_SPACE) -> Prepared:
    """(1) Raise the walls round this process and (2) greet. `prepare` imports what decodes, while files can still be opened."""
    standing = walls.begin(address_space)
    prepared = prepare()
    standing = walls.close(standing)
    greeting = json.dumps({"walls": sorted(standing)}).encode()
    write_all(1, (LENGTHS.pack(len(greeting), 0, 0), greeting))
    return prepared


def main(prepare: Callable[[], Examine], descriptor: int) -> None:
    """Raise the walls, greet, and answer requests until there are no more. `prepare` imports what decodes."""
    if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
        prepared = prepare()
        with suppress(RuntimeError):
            import pyseccomp  # noqa: F401 - the walls need it, and each worker would load it anew
        shared = nursery.raise_workers(socket.socket(fileno=descriptor))
        examine = behind_walls(lambda: prepared)
    else:
        shared, examine = descriptor, behind_walls(prepare)  # (1) (2)
    while len(header := read_exactly(0, REQUEST.size)) == REQUEST.size:  # (3)
        request = Request.unpack(header)
        walls.allow_cpu()
        with mmap.mmap(shared, request.length, prot=mmap.PROT_READ) as data:
            answer(examine(data, request.kind, request.asked))


def answer(picture: Picture) -> None:
    """Write one picture to the parent."""
    note = {
        "width": picture.width,
        "height": picture.height,
        "slates": picture.slates,
        "unread_symbol": picture.unread_symbol,
        "camera": asdict(picture.camera) if picture.camera else None,
        "refusal": picture.refusal,
        "hints": picture.hints,
    }
    written = json.dumps(note, default=str).encode()
    write_all(1, (LENGTHS.pack(len(written), len(picture.preview), len(picture.thumb)), written, picture.preview, picture.thumb))


def prepare() -> Examine:
    """Import every decoder and use each once: behind the walls nothing can be loaded any more."""
    from safelight.photographs.pictures.examination import examine, rehearse

    rehearse()
    return examine


if __name__ == "__main__":
    main(prepare, int(sys.argv[1]))
