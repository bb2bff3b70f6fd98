"""`make accuracy`: figures of the finders on photographs with known truth, against their goals and the last figures.

Ends with 1 where a figure is more than 0.005 worse than it was, or than its goal. Draws every failure into build/accuracy/index.html.
Options: `--turns 0,1,2,3` quarter turns to measure; `--unseen 24` pictures of each kind drawn by chance, `--seed 1`; `--sample 10` only so
many of each folder, drawn by the seed; `--text` text alone. `--keep` makes the figures of today the ones to keep, and writes
docs/evidence/accuracy.md from all that are kept; `--page` writes it alone.
"""

import argparse
import json
import random
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tests.accuracy import evidence, page, unseen
from tests.accuracy.measuring import Figures, measure, measure_unseen
from tests.accuracy.truth import Known, known
from tests.shared import PROJECT, SHARED

GOALS = evidence.GOALS
LESS_IS_BETTER = {"faces, false boxes a picture", "text, false boxes a picture", "barcodes, false reads", "pictures that failed"}
UPRIGHT = "turned by 0"  # reading falls where print is turned, and the goals were set for photographs that are upright
LAST = Path(__file__).parent / "last.json"
EVIDENCE = PROJECT / "docs" / "evidence" / "accuracy.md"
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
    return [
        name
        for name, before in last.items()
        if name in now and (now[name] - before if name in LESS_IS_BETTER else before - now[name]) > SLACK + 1e-9
    ]


def sampled(pictures: list[Known], of_each: int, seed: int) -> list[Known]:
    """So many of each folder, by chance; all where none is said."""
    if not of_each:
        return pictures
    folders = sorted({one.folder for one in pictures})
    chance = random.Random(seed)
    by_folder = [[one for one in pictures if one.folder == folder] for folder in folders]
    return [one for some in by_folder for one in chance.sample(some, min(of_each, len(some)))]


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--turns", default="0,1,2,3")
    asked.add_argument("--unseen", type=int, default=24, help="how many pictures of each kind are drawn that nobody has tuned to")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--sample", type=int, default=0, help="only so many of each folder")
    asked.add_argument("--text", action="store_true", help="text alone")
    asked.add_argument("--keep", action="store_true")
    asked.add_argument("--page", action="store_true", help="write the evidence from what is kept, and measure nothing")
    given = asked.parse_args()
    if given.page:
        evidence.write(json.loads(LAST.read_text()), EVIDENCE)
        return 0
    corpus = SHARED / "corpus"
    if not corpus.is_dir():
        print("The photographs with known truth are not here: SAFELIGHT_SHARED names their folder.")
        return 1
    everything = known(corpus)
    pictures = sampled([one for one in everything if not given.text or one.folder == "text"], given.sample, given.seed)
    last: dict[str, evidence.Kept] = json.loads(LAST.read_text()) if LAST.exists() else {}
    failures, worse = [], []
    measures: list[tuple[str, Callable[[], Figures]]] = [
        (f"turned by {turns * 90}", partial(measure, pictures, turns, everything=turns == 0))
        for turns in map(int, given.turns.split(",") if given.turns else ())
    ]
    if given.sample:
        measures = [(f"{title}, {given.sample} of each", figures) for title, figures in measures]
    if given.unseen:
        drawn = list(unseen.drawn(everything, given.seed, given.unseen))
        measures.append((f"unseen, seed {given.seed}", partial(measure_unseen, drawn)))
    for title, figures in measures:
        measured = figures()
        now, before = figures_of(measured), last[title]["figures"] if title in last else {}
        if given.text:
            now = {name: value for name, value in now.items() if name.startswith("text")}
        print(f"\n{title.capitalize()}:")
        for name, value in now.items():
            goal = f"   goal {GOALS[name]}" if name in GOALS else ""
            print(f"  {name:30} {value:7.3f}   last {before.get(name, float('nan')):6.3f}{goal}")
        if measured.cpu_seconds:
            print(f"  {'CPU seconds a picture':30} {statistics.mean(measured.cpu_seconds):7.2f}   most {max(measured.cpu_seconds):.2f}")
        worse += [f"{title}: {name}" for name in fallen(now, before)]
        if title == UPRIGHT:
            worse += [f"{title}: {name}, short of its goal" for name in fallen(now, {name: GOALS[name] for name in GOALS if name in now})]
        failures += [*measured.faces.failures, *measured.text.failures, *measured.barcodes.failures]
        figures_now = {name: round(value, 4) for name, value in now.items()}
        if given.keep:
            earlier = last[title]["figures"] if title in last else {}
            counts = {"faces": measured.faces.there, "strings": measured.text.there, "symbols": measured.barcodes.there}
            last[title] = {
                "date": datetime.now(UTC).date().isoformat(),
                "pictures": measured.barcodes.pictures,
                "there": counts,
                "sample": bool(given.sample),
                "figures": earlier | figures_now if given.text else figures_now,
            }
            LAST.write_text(json.dumps(last, indent=1) + "\n")
            evidence.write(last, EVIDENCE)
    page.write(failures, PAGE)
    print(f"\n{len(failures)} failures are drawn in {PAGE.relative_to(PROJECT)}")
    for name in worse:
        print(f"worse: {name}")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
