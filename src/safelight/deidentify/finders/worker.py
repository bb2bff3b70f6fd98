"""The finding process: looks at photographs behind walls. Run as `python -m safelight.deidentify.finders.worker <finders> <fd>`.

1. The finders, named by dotted path and commas, are made while files can still be opened. One that cannot be made has failed in all
   that it would have looked for; the others look.
2. Walls as the process that draws photographs has them, but for memory and time: trained files and large pictures need more.
3. The first request opens a photograph; each further one brings the next stage. A finder that fails has failed in what is left of it.
4. At the end of a photograph its memory goes back to the computer: the process waits for the next one with its trained files alone.

Nothing here trusts the file, and the parent trusts nothing that comes from here.
"""

import ctypes
import mmap
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module

from safelight.deidentify.boxes import Box, Found
from safelight.deidentify.finders.framing import LENGTH, MOST_FOUND, Note, Request, Seen
from safelight.deidentify.ports import Finder, Steps, Upright
from safelight.photographs.pictures import walls
from safelight.photographs.pictures.framing import LENGTHS, read_exactly, write_all
from safelight.photographs.pictures.kinds import Kind
from safelight.photographs.pictures.reasons import Reason
from safelight.photographs.pictures.worker import behind_walls

ADDRESS_SPACE = 3 * 2**30
CPU_SECONDS = 60  # for one stage: the slowest takes 2 on the computers that were measured
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _AS_LARGE_AS_NEEDED = -1, -3, 2**30  # mallopt(3)

Open = Callable[[bytes, Kind, Sequence[Box]], Upright]
Look = Iterator[Note]


@dataclass(frozen=True)
class Made:
    """A finder that could be made, or None, and the stages that it would bring."""

    steps: tuple[str, ...]
    finder: Finder | None


def main(paths: tuple[str, ...], shared: int) -> None:
    """Make the finders, raise the walls, greet, and answer requests until there are no more."""
    opened, finders = behind_walls(lambda: prepare(paths), address_space=ADDRESS_SPACE)  # (1) (2)
    look: Look = iter(())
    while len(header := read_exactly(0, LENGTH.size)) == LENGTH.size:  # (3)
        asked = Request.model_validate_json(read_exactly(0, *LENGTH.unpack(header)))
        walls.allow_cpu(CPU_SECONDS)
        before = _cpu()
        if asked.begin:
            with mmap.mmap(shared, asked.length, prot=mmap.PROT_READ) as file:
                data = file[:]
            look = at_photograph(data, asked.kind, opened, finders, covered=[Box(*edges) for edges in asked.covered])
        note = next(look)
        if not note.left:
            look = iter(())
            _give_back_memory()  # (4)
        answer = note.model_copy(update={"cpu_seconds": _cpu() - before}).model_dump_json().encode()
        write_all(1, (LENGTHS.pack(len(answer), 0, 0), answer))


def at_photograph(data: bytes, kind: Kind, opened: Open, finders: list[Made], *, covered: Sequence[Box] = ()) -> Look:
    """Its size, then stage after stage: the first steps of all finders in their order, then the second ones."""
    try:
        photograph = opened(data, kind, covered)
    except Exception as fault:  # noqa: BLE001 - the outermost loop: decoders raise whatever a malformed file leads them to
        yield Note(refusal=_reason(fault))
        return
    del data
    depth = max((len(made.steps) for made in finders), default=0)
    order = [(made, number) for number in range(depth) for made in finders if number < len(made.steps)]
    names = tuple(made.steps[number] for made, number in order)
    yield Note(width=photograph.width, height=photograph.height, left=names)
    looking: dict[int, Steps | None] = {id(made): made.finder.look(photograph) if made.finder else None for made in finders}
    for place, (made, _) in enumerate(order):
        found = _next(looking[id(made)])
        if found is None:
            looking[id(made)] = None
        seen = tuple(Seen.of(each) for each in (found or ())[:MOST_FOUND])
        yield Note(stage=names[place], failed=found is None, seen=seen, left=names[place + 1 :])


def _next(steps: Steps | None) -> tuple[Found, ...] | None:
    """The next step of a finder; None where it failed, now or before."""
    if steps is None:
        return None
    try:
        return next(steps)
    except Exception:  # noqa: BLE001 - whatever a finder raises, nobody knows what it would have seen; the other finders look on
        return None


def prepare(paths: tuple[str, ...]) -> tuple[Open, list[Made]]:
    """Import and use everything once: behind the walls nothing can be loaded any more."""
    import cv2

    from safelight.deidentify.finders import rehearsal, upright

    cv2.setNumThreads(1)
    _keep_memory()
    finders = [_made(path) for path in paths]
    for data, kind in rehearsal.files():
        for _ in at_photograph(data, kind, upright.opened, finders if kind is Kind.JPEG else []):
            pass
    return upright.opened, finders


def _made(path: str) -> Made:
    module, _, name = path.rpartition(".")
    kind = getattr(import_module(module), name)
    try:
        return Made(kind.steps, kind())
    except Exception:  # noqa: BLE001 - a missing or altered trained file, or one that cannot be read: this finder has failed, and says so
        return Made(kind.steps, None)


def _reason(fault: Exception) -> Reason:
    from PIL import Image

    from safelight.deidentify.covering.pixels import NoPicture

    if isinstance(fault, MemoryError):
        return Reason.TOO_MUCH_MEMORY
    if isinstance(fault, Image.DecompressionBombError | Image.DecompressionBombWarning):
        return Reason.TOO_MANY_PIXELS
    return Reason.NO_PREVIEW_IN_RAW if isinstance(fault, NoPicture) else Reason.DAMAGED


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _keep_memory() -> None:
    """Large arrays come from memory that is used again: fresh pages would cost a tenth of the time."""
    libc = ctypes.CDLL(None)
    libc.mallopt(_M_MMAP_THRESHOLD, _AS_LARGE_AS_NEEDED)
    libc.mallopt(_M_TRIM_THRESHOLD, _AS_LARGE_AS_NEEDED)


def _give_back_memory() -> None:
    ctypes.CDLL(None).malloc_trim(0)


if __name__ == "__main__":
    main(tuple(sys.argv[1].split(",")), int(sys.argv[2]))
