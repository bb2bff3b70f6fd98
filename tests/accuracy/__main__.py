"""`make accuracy`: figures of the finders on photographs with known truth, against their goals and the last figures.

Ends with 1 where a figure is more than 0.005 worse than it was, or than its goal. Draws every failure into build/accuracy/index.html.
Options: `--turns 0,1,2,3` quarter turns to measure; `--unseen 24` pictures of each kind drawn by chance, `--seed 1`; `--keep` makes the
figures of today the ones to keep.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.accuracy import page, unseen
from tests.accuracy.measuring import Figures, measure, measure_unseen
from tests.accuracy.truth import known
from tests.shared import PROJECT, SHARED

GOALS = {
    "faces, recall": 0.99,
    "faces, false boxes a picture": 0.15,
    "text, boxes": 0.985,
    "text, strings": 0.94,
    "barcodes, read": 0.95,
    "barcodes, false reads": 0,
}
LESS_IS_BETTER = {"faces, false boxes a picture", "text, false boxes a picture", "barcodes, false reads", "pictures that failed"}
UPRIGHT = "turned by 0"  # reading falls where print is turned, and the goals were set for photographs that are upright
LAST = Path(__file__).parent / "last.json"
PAGE = PROJECT / "build" / "accuracy" / "index.html"
SLACK = 0.005


def figures_of(measured: Figures) -> dict[str, float]:
    faces, text, barcodes = measured.faces, measured.text, measured.barcodes
    return {
        "faces, recall": faces.recall,
        "faces, precision": faces.precision,
        "faces, false boxes a picture": faces.false_a_picture,
        "text, boxes": text.recall,
        "text, strings": text.strings,
        "text, precision": text.precision,
        "text, false boxes a picture": text.false_a_picture,
        "barcodes, read": barcodes.recall,
        "barcodes, precision": barcodes.precision,
        "barcodes, false reads": barcodes.false_reads,
        "pictures that failed": len(measured.failed),
    }


def fallen(now: dict[str, float], last: dict[str, float]) -> list[str]:
    """The figures that are worse than they were, by more than the slack."""
    return [name for name, before in last.items() if (now[name] - before if name in LESS_IS_BETTER else before - now[name]) > SLACK + 1e-9]


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--turns", default="0,1,2,3")
    asked.add_argument("--unseen", type=int, default=24, help="how many pictures of each kind are drawn that nobody has tuned to")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--keep", action="store_true")
    given = asked.parse_args()
    corpus = SHARED / "corpus"
    if not corpus.is_dir():
        print("The photographs with known truth are not here: SAFELIGHT_SHARED names their folder.")
        return 1
    pictures = known(corpus)
    last: dict[str, dict[str, float]] = json.loads(LAST.read_text()) if LAST.exists() else {}
    failures, worse = [], []
    measures: list[tuple[str, Callable[[], Figures]]] = [
        (f"turned by {turns * 90}", partial(measure, pictures, turns, everything=turns == 0)) for turns in map(int, given.turns.split(","))
    ]
    if given.unseen:
        drawn = list(unseen.drawn(pictures, given.seed, given.unseen))
        measures.append((f"unseen, seed {given.seed}", partial(measure_unseen, drawn)))
    for title, figures in measures:
        measured = figures()
        now, before = figures_of(measured), last.get(title, {})
        print(f"\n{title.capitalize()}:")
        for name, value in now.items():
            goal = f"   goal {GOALS[name]}" if name in GOALS else ""
            print(f"  {name:30} {value:7.3f}   last {before.get(name, float('nan')):6.3f}{goal}")
        if measured.cpu_seconds:
            print(f"  {'CPU seconds a picture':30} {statistics.mean(measured.cpu_seconds):7.2f}   most {max(measured.cpu_seconds):.2f}")
        worse += [f"{title}: {name}" for name in fallen(now, before)]
        if title == UPRIGHT:
            worse += [f"{title}: {name}, short of its goal" for name in fallen(now, GOALS)]
        failures += [*measured.faces.failures, *measured.text.failures, *measured.barcodes.failures]
        last[title] = {name: round(value, 4) for name, value in now.items()}
        if given.keep:
            LAST.write_text(json.dumps(last, indent=1) + "\n")
    page.write(failures, PAGE)
    print(f"\n{len(failures)} failures are drawn in {PAGE.relative_to(PROJECT)}")
    for name in worse:
        print(f"worse: {name}")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
