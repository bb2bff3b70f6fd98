"""CPU of the finders on one core at 2, 12 and 24 MP, beside OpenCV's Haar cascade and rapidocr as it comes.

Run from the project: `python benchmarks/finders.py [rounds]`. Prints seconds of CPU (medians, the first round dropped), the first boxes
on the clock too, and the peak memory; the table is kept as build/bench/finders.json and finders-growth.json. "in brief" is the second
look at a draft: reduced, the first stage of each finder.
The finders run in their own process behind walls, decoding included; the peers run in this one, on pixels that are decoded already. The
bars at 12 MP were set where rapidocr as it comes takes 0.9 s: 3.6 s in all and 1.0 s to the first boxes. On other machines, and beside
other work, they are held as ratios to it; the end is 1 where one is missed.
"""

# ruff: noqa: E402 - the sources are found before their parts can be imported
import resource
import statistics
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "src"), str(Path(__file__).resolve().parents[1])]

import cv2
import numpy as np
import rapidocr
import simplejpeg
from kept import keep
from tests.factories.labelled import labelled

from safelight.deidentify.finders.asking import LIMITS, Lookers
from safelight.photographs.pictures import Kind

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 5
SIZES = {2: (1600, 1200), 12: (4000, 3000), 24: (6000, 4000)}
BAR_CPU, BAR_FIRST, PEER = 3.6, 1.0, 0.9


def photograph(size: tuple[int, int]) -> bytes:
    """A clinical photograph with a label and a symbol, with the noise of a camera."""
    shown = np.asarray(labelled(size=size, font=size[0] // 60).shown).astype(np.int16)
    noise = np.random.default_rng(1).integers(-9, 10, (*shown.shape[:2], 1), np.int16)
    return simplejpeg.encode_jpeg(np.clip(shown + noise, 0, 255).astype(np.uint8), quality=92, colorspace="RGB")


def spent(work, *given) -> float:
    before = time.process_time()
    work(*given)
    return time.process_time() - before


def looked(lookers: Lookers, data: bytes) -> tuple[float, float, float]:
    """Seconds of CPU of all stages, of the first, and of the first on the clock."""
    began, first = time.monotonic(), 0.0
    steps = []
    for step in lookers.look(data, Kind.JPEG):
        first = first or time.monotonic() - began
        steps.append(step)
    assert not any(step.stage.failed for step in steps)
    return sum(step.cpu_seconds for step in steps), steps[0].cpu_seconds, first


def main() -> int:
    cv2.setNumThreads(1)
    one_thread = {f"EngineConfig.onnxruntime.{name}_op_num_threads": 1 for name in ("intra", "inter")}
    peer = rapidocr.RapidOCR(params={"Global.log_level": "critical", **one_thread})
    haar = cv2.CascadeClassifier(cv2.data.haarcascades + "haarcascade_frontalface_alt2.xml")
    missed = False
    growth: list[dict[str, object]] = []
    print(f"{'':8}{'all finders':>12}{'first boxes':>12}{'on the clock':>13}{'Haar':>8}{'rapidocr':>10}{'peak':>9}")
    for megapixels, size in SIZES.items():
        data = photograph(size)
        pixels = simplejpeg.decode_jpeg(data, "BGR")
        grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
        lookers = Lookers(LIMITS)
        rounds = [(*looked(lookers, data), spent(haar.detectMultiScale, grey), spent(peer, pixels)) for _ in range(ROUNDS)][1:]
        lookers.close()
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        cpu, first, clock, with_haar, with_peer = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"{megapixels:3} MP  {cpu:12.2f}{first:12.2f}{clock:13.2f}{with_haar:8.2f}{with_peer:10.2f}{peak:6} MB")
        growth.append(
            {
                "label": f"{megapixels} MP",
                "value": round(cpu, 3),
                "megapixels": megapixels,
                "first_boxes_cpu_seconds": round(first, 3),
                "first_boxes_seconds": round(clock, 3),
                "haar_cpu_seconds": round(with_haar, 3),
                "rapidocr_cpu_seconds": round(with_peer, 3),
                "peak_mb": peak,
            }
        )
        if megapixels == 12:
            whole, begin = cpu / with_peer, first / with_peer
            missed = whole > BAR_CPU / PEER or begin > BAR_FIRST / PEER
            print(f"        {whole:.2f} and {begin:.2f} of rapidocr; bars {BAR_CPU / PEER:.2f} and {BAR_FIRST / PEER:.2f}")
            peers = {"all finders": cpu, "first boxes": first, "Haar": with_haar, "rapidocr": with_peer}
            keep("finders", "CPU seconds, 12 MP, one core", [{"label": name, "value": round(one, 3)} for name, one in peers.items()])
    keep("finders-growth", "CPU seconds, all finders, one core", growth)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
