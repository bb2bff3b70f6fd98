"""Photographs with known truth, and what counts as a hit: the definitions of the corpus's own README."""

import csv
import json
import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

Edges = tuple[float, float, float, float]

FACE_OVERLAP, COVERED, SIMILAR = 0.3, 0.6, 0.8
# A text box is no false one where a tenth of it lies on a string, or it holds three tenths of one.
_OF_THE_BOX, _OF_THE_STRING = 0.1, 0.3


@dataclass(frozen=True)
class Known:
    """What is in one photograph. `ignore` marks what is ambiguous or illegible; `drawn` is a file in place of the one at `path`."""

    path: Path
    folder: str
    faces: tuple[Edges, ...] = ()
    strings: tuple[tuple[Edges, str], ...] = ()
    ignore: tuple[Edges, ...] = ()
    payload: str = ""
    drawn: bytes = b""

    def turned(self, turns: int, width: int, height: int) -> "Known":
        """The same of the photograph turned left so many times; the size is of the upright one."""

        def there(edges: Edges) -> Edges:
            left, top, right, bottom = edges
            return {
                0: edges,
                1: (top, width - right, bottom, width - left),
                2: (width - right, height - bottom, width - left, height - top),
                3: (height - bottom, left, height - top, right),
            }[turns]

        return Known(
            self.path,
            self.folder,
            tuple(map(there, self.faces)),
            tuple((there(edges), text) for edges, text in self.strings),
            tuple(map(there, self.ignore)),
            self.payload,
        )


def known(corpus: Path) -> list[Known]:
    with (corpus / "MANIFEST.csv").open(newline="") as manifest:
        return [_known(corpus, row) for row in csv.DictReader(manifest)]


def _known(corpus: Path, row: dict[str, str]) -> Known:
    written = row["ground_truth"].strip()
    truth = json.loads(written) if written.startswith("{") else {}
    return Known(
        corpus / row["file"],
        row["kind"],
        tuple(tuple(edges) for edges in truth.get("faces", ())),
        tuple((tuple(string[:4]), string[4]) for string in truth.get("text", ())),
        tuple(tuple(edges) for edges in truth.get("ignore", ())),
        truth.get("payload", ""),
    )


def area(edges: Edges) -> float:
    return max(edges[2] - edges[0], 0) * max(edges[3] - edges[1], 0)


def shared(one: Edges, other: Edges) -> float:
    return area((max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])))


def centre_in(one: Edges, other: Edges) -> bool:
    across, along = (one[0] + one[2]) / 2, (one[1] + one[3]) / 2
    return other[0] <= across <= other[2] and other[1] <= along <= other[3]


def same_face(box: Edges, face: Edges) -> bool:
    both = shared(box, face)
    overlap = both / (area(box) + area(face) - both or 1)
    return overlap >= FACE_OVERLAP or (centre_in(box, face) and centre_in(face, box))


def covered(string: Edges, boxes: list[Edges]) -> float:
    """How much of a string's area lies in any of the boxes."""
    left, top, right, bottom = string
    columns = sorted({left, right, *(min(max(x, left), right) for box in boxes for x in (box[0], box[2]))})
    rows = sorted({top, bottom, *(min(max(y, top), bottom) for box in boxes for y in (box[1], box[3]))})
    cells = [(x0, y0, x1, y1) for x0, x1 in pairwise(columns) for y0, y1 in pairwise(rows)]
    return sum(area(cell) for cell in cells if any(centre_in(cell, box) for box in boxes)) / (area(string) or 1)


def about_text(box: Edges, string: Edges) -> bool:
    both = shared(box, string)
    return both >= _OF_THE_BOX * area(box) or both >= _OF_THE_STRING * area(string)


def similarity(one: str, other: str) -> float:
    return SequenceMatcher(None, _plain(one), _plain(other)).ratio()


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
