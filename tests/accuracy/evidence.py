"""docs/evidence/accuracy.md: what the finders find of what is there, beside the goals, from the figures that are kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import NotRequired, TypedDict

GOALS = {
    "faces, recall": 0.99,
    "faces, false boxes a picture": 0.15,
    "text, boxes": 0.985,
    "text, strings": 0.94,
    "barcodes, read": 0.95,
    "barcodes, false reads": 0,
}
AT_MOST = {"faces, false boxes a picture", "barcodes, false reads"}
SHOWN = (*GOALS, "faces, precision", "text, precision", "text, false boxes a picture", "pictures that failed")

_HEAD = """# What the finders find

Written by `make accuracy` with `--keep`; not to be edited. Photographs with known truth lie outside the repository (`SAFELIGHT_SHARED`
names their folder); "unseen" are drawn anew by chance from a seed: labels with invented people, symbols, and the faces of the set
mirrored, tilted, darkened and made smaller. Nothing was tuned to those.

| word | what counts |
|---|---|
| face | found where a box overlaps it by 0.3 of both together, or each holds the other's middle; one box finds one face |
| text, boxes | at least 60 % of the string's area lies in boxes |
| text, strings | one box at its place was read with a similarity of at least 0.8, without punctuation |
| barcodes, read | exactly what is encoded. A false read is any other, or one where there is no symbol |
| recall, precision | found of what is there; true of what was proposed |
| turned by 90 | the whole picture lies on its side and its file does not say so; 180 and 270 as well |

The set flatters recall a little: proposals of the same networks helped to mark its truth, though a person checked each picture. It has few
faces of dark skin, no photographs of real wounds, no tattoos and hardly any handwriting: **nothing here tells how often those are missed.**
A person looks at every photo in any case, and signs for it.
"""


class Kept(TypedDict):
    """The figures of one way of measuring, and when they were taken. `there` counts what is to be found."""

    date: str
    pictures: int | None
    sample: bool
    figures: dict[str, float]
    there: NotRequired[dict[str, int]]


def write(kept: Mapping[str, Kept], to: Path) -> None:
    """The page, from everything that is kept."""
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_text(f"{_HEAD}\n{_table(kept)}\n{_short(kept)}")


def _table(kept: Mapping[str, Kept]) -> str:
    titles = sorted(kept, key=lambda title: (title.startswith("unseen"), len(title), title))
    rows = [
        ["", "goal", *titles],
        ["---"] * (len(titles) + 2),
        ["measured on", "", *(kept[title]["date"] for title in titles)],
        ["pictures", "", *(_pictures(kept[title]) for title in titles)],
        ["faces, strings, symbols in them", "", *(_there(kept[title]) for title in titles)],
    ]
    rows += [[name, _goal(name), *(_figure(name, kept[title]["figures"].get(name)) for title in titles)] for name in SHOWN]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _short(kept: Mapping[str, Kept]) -> str:
    short = [
        f"* {title}: {name} is {figure:g}, the goal {GOALS[name]:g}"
        for title, one in kept.items()
        for name, figure in one["figures"].items()
        if name in GOALS and missed(name, figure)
    ]
    if not short:
        return "Every goal is reached in every column.\n"
    return "Bold figures miss their goal (which was set for upright photographs):\n" + "\n".join(sorted(short)) + "\n"


def missed(name: str, figure: float) -> bool:
    """Whether a figure is short of its goal, by any amount."""
    return name in GOALS and (figure > GOALS[name] if name in AT_MOST else figure < GOALS[name])


def _goal(name: str) -> str:
    return f"{'≤' if name in AT_MOST else '≥'} {GOALS[name]:g}" if name in GOALS else ""


def _figure(name: str, figure: float | None) -> str:
    if figure is None:
        return "not measured"
    return f"**{figure:.3f}**" if missed(name, figure) else f"{figure:.3f}"


def _pictures(one: Kept) -> str:
    said = str(one["pictures"]) if one["pictures"] else "all"
    return f"{said}, a sample" if one["sample"] else said


def _there(one: Kept) -> str:
    there = one.get("there")
    return ", ".join(str(there[kind]) for kind in ("faces", "strings", "symbols")) if there else ""
