"""The finding process with finders that fail on purpose. Run as `failing_finders.py <finders> <fd>`, behind the real walls.

`Honest` finds one thing; the others fail as a finder can. A photograph of a few bytes makes the process itself lie: it answers with
what stands there.
"""

import mmap
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from safelight.deidentify.boxes import Box, Found, Kind
from safelight.deidentify.ports import Steps, Upright

HERE = "tests.simulators.failing_finders"
HONEST, RAISING, LATE, NOT_MADE = (f"{HERE}.{name}" for name in ("Honest", "Raising", "RaisingLater", "NotMade"))
DYING, FROZEN, GREEDY = (f"{HERE}.{name}" for name in ("Dying", "Frozen", "Greedy"))
_FACE = Found(Kind.FACE, Box(0.1, 0.2, 0.3, 0.4), 0.9, "", "honest", "1")
_REAL = 400  # pixels: the rehearsal shows smaller pictures, or wider ones


def _rehearsing(photograph: Upright) -> bool:
    return (photograph.width, photograph.height) != (_REAL, _REAL)


class Honest:
    steps = ("honest",)

    def look(self, photograph: Upright) -> Steps:
        yield (_FACE,)


class Raising:
    steps = ("raising",)

    def look(self, photograph: Upright) -> Steps:
        if not _rehearsing(photograph):
            raise ValueError
        yield ()


class RaisingLater:
    steps = ("first", "second", "third")

    def look(self, photograph: Upright) -> Steps:
        yield (_FACE,)
        raise RuntimeError


class NotMade:
    steps = ("not-made",)

    def __init__(self) -> None:
        raise OSError


class Dying:
    steps = ("dying",)

    def look(self, photograph: Upright) -> Steps:
        if not _rehearsing(photograph):
            os._exit(9)
        yield ()


class Frozen:
    steps = ("frozen",)

    def look(self, photograph: Upright) -> Steps:
        if not _rehearsing(photograph):
            time.sleep(600)
        yield ()


class Greedy:
    steps = ("greedy",)

    def look(self, photograph: Upright) -> Steps:
        if not _rehearsing(photograph):
            held = [bytearray(2**28)]
            while True:
                held.append(bytearray(2**28))
        yield ()


def lie(shared: int) -> None:
    """Answer with the bytes of the photograph instead of looking at it."""
    from safelight.deidentify.finders.framing import LENGTH, Request
    from safelight.photographs.pictures.framing import LENGTHS, read_exactly, write_all
    from safelight.photographs.pictures.worker import behind_walls

    behind_walls(lambda: None)
    answers: list[bytes] = []
    while len(header := read_exactly(0, LENGTH.size)) == LENGTH.size:
        asked = Request.model_validate_json(read_exactly(0, *LENGTH.unpack(header)))
        if asked.begin:
            with mmap.mmap(shared, asked.length, prot=mmap.PROT_READ) as told:
                answers = told[:].split(b"\n")
        answer = answers.pop(0)
        write_all(1, (LENGTHS.pack(len(answer), 0, 0), answer))


if __name__ == "__main__":
    if sys.argv[1] == "lie":
        lie(int(sys.argv[2]))
    else:
        from safelight.deidentify.finders.worker import main

        main(tuple(sys.argv[1].split(",")), int(sys.argv[2]))
