"""CPU per 24 MP photo: one decode behind walls for preview, thumb and slate, against the decode alone in this process.

Run from the project: `python benchmarks/pictures.py [photos]`. Prints milliseconds of CPU a photo (parent, nursery and workers together),
the ratio to the bare decode, and what starting workers costs. A worker serves 50 photos, so a round has 50 and pays for one start; the
nursery begins once for all rounds and is a row of its own. CPU, not wall: machines are shared.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable

import kit

from safelight.photographs import pictures
from safelight.photographs.pictures import Kind, Picture
from safelight.photographs.pictures.sandbox import Limits, Sandbox

PHOTOS = int(sys.argv[1]) if len(sys.argv) > 1 else 50
ROUNDS = 4
STARTS = 4
DECODE_BAR_MS = 66  # performance.md, Building blocks: decode, preview, thumb; zxing 4-15 ms more


def spent(work: Callable[[], None]) -> float:
    """CPU seconds of this process and of all below it."""
    before = kit.own_cpu() + kit.cpu_below(os.getpid())
    work()
    return kit.own_cpu() + kit.cpu_below(os.getpid()) - before


def behind_walls(sandbox: Sandbox, files: list[bytes], look: Callable[[Sandbox, bytes], Picture]) -> None:
    """A round of photos through one worker."""
    for number in range(PHOTOS):
        assert look(sandbox, files[number % len(files)]).refusal is None


def start(sandbox: Sandbox) -> None:
    for _ in range(STARTS):
        sandbox.close()
        with sandbox._worker():  # noqa: SLF001 - what is measured
            pass


def main() -> None:
    files = kit.photographs()
    print(f"{len(files)} photos of 24 MP, {statistics.mean(map(len, files)) / 1e6:.1f} MB, {PHOTOS} a round, {os.cpu_count()} cores")
    print("walls:", ", ".join(sorted(pictures.protections())))
    pictures.close()
    sandbox = Sandbox(Limits(workers=1))
    asked: dict[str, Callable[[Sandbox, bytes], Picture]] = {
        "examine": lambda of, file: of.examine(file, kind=Kind.JPEG, slate_expected=False),
        "examine, slate expected": lambda of, file: of.examine(file, kind=Kind.JPEG, slate_expected=True),
        "a closer look for a slate": lambda of, file: of.look(file, kind=Kind.JPEG),
    }
    rows: dict[str, list[float]] = {name: [] for name in ("bare decode", *asked, "start of the nursery and a worker")}
    for _ in range(ROUNDS):
        rows["bare decode"].append(kit.bare_decode(files, PHOTOS))
        for name, look in asked.items():
            rows[name].append(spent(lambda look=look: behind_walls(sandbox, files, look)) * 1000 / PHOTOS)
        rows["start of the nursery and a worker"].append(spent(lambda: start(sandbox)) * 1000 / STARTS)
    decode = statistics.median(rows["bare decode"][1:])
    shown: list[dict[str, object]] = []
    for name, values in rows.items():
        middle = statistics.median(values[1:])  # the first round warms up
        shown.append({"label": name, "value": round(middle, 1), "times the bare decode": round(middle / decode, 2)})
    times = {"label": "examine, in bare decodes", "value": round(statistics.median(rows["examine"][1:]) / decode, 2), "unit": "decodes"}
    began = time.monotonic()
    start(sandbox)
    shown.append({"label": "both on the clock", "value": round((time.monotonic() - began) * 1000 / STARTS, 1)})
    sandbox.close()
    shown[1]["bar"] = DECODE_BAR_MS
    shown.append(times | {"bar": round(DECODE_BAR_MS / kit.DECODE_WHERE_BARS_WERE_SET, 2), "better": "low"})
    kit.publish("pictures", "ms CPU", shown, about=f"{PHOTOS} photos of 24 MP a round, each behind walls, {ROUNDS - 1} rounds")


if __name__ == "__main__":
    main()
