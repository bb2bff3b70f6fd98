"""CPU per 24 MP photo: one decode behind walls for preview, thumb and slate, against the decode alone in this process.

Run from the project: `python benchmarks/pictures.py [photos]`. Prints milliseconds of CPU a photo (parent and workers together),
the ratio to the bare decode, and what starting workers costs. CPU, not wall: machines are shared.
"""

import os
import resource
import statistics
import sys
import time

import kit
import simplejpeg

from safelight.photographs import pictures
from safelight.photographs.pictures import Kind
from safelight.photographs.pictures.process import Process
from safelight.photographs.pictures.sandbox import Limits, Sandbox

PHOTOS = int(sys.argv[1]) if len(sys.argv) > 1 else 24
ROUNDS = 4
DECODE_BAR_MS = 66  # performance.md, Building blocks: decode, preview, thumb; zxing 4-15 ms more


def cpu() -> float:
    own, ended = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + ended.ru_utime + ended.ru_stime


def spent(work) -> float:
    before = cpu()
    work()
    return cpu() - before


def behind_walls(files: list[bytes], *, slate_expected: bool) -> None:
    """A sandbox that is ended within the measure, so that its workers' CPU counts."""
    sandbox = Sandbox(Limits(workers=1))
    for number in range(PHOTOS):
        assert sandbox.examine(files[number % len(files)], kind=Kind.JPEG, slate_expected=slate_expected).refusal is None
    sandbox.close()


def bare(files: list[bytes]) -> None:
    for number in range(PHOTOS):
        simplejpeg.decode_jpeg(files[number % len(files)], "RGB", fastdct=True, fastupsample=True, min_height=1000, min_width=1500)


def start() -> None:
    for _ in range(4):
        Process(Sandbox.program, seconds=30).end()


def main() -> None:
    files = kit.photographs()
    print(f"{len(files)} photos of 24 MP, {statistics.mean(map(len, files)) / 1e6:.1f} MB, {PHOTOS} a round, {os.cpu_count()} cores")
    print("walls:", ", ".join(sorted(pictures.protections())))
    pictures.close()
    rows: dict[str, list[float]] = {"bare decode": [], "examine": [], "examine, slate expected": [], "start of a worker": []}
    for _ in range(ROUNDS):
        rows["bare decode"].append(spent(lambda: bare(files)) * 1000 / PHOTOS)
        rows["examine"].append(spent(lambda: behind_walls(files, slate_expected=False)) * 1000 / PHOTOS)
        rows["examine, slate expected"].append(spent(lambda: behind_walls(files, slate_expected=True)) * 1000 / PHOTOS)
        rows["start of a worker"].append(spent(start) * 1000 / 4)
    decode = statistics.median(rows["bare decode"][1:])
    shown: list[dict[str, object]] = []
    for name, values in rows.items():
        middle = statistics.median(values[1:])  # the first round warms up
        shown.append({"label": name, "value": round(middle, 1), "times the bare decode": round(middle / decode, 2)})
    began = time.monotonic()
    Process(Sandbox.program, seconds=30).end()
    shown.append({"label": "start of a worker on the clock", "value": round((time.monotonic() - began) * 1000, 1)})
    shown[1]["bar"] = DECODE_BAR_MS
    kit.publish("pictures", "ms CPU", shown, about=f"{PHOTOS} photos of 24 MP a round, each behind walls, {ROUNDS - 1} rounds")


if __name__ == "__main__":
    main()
