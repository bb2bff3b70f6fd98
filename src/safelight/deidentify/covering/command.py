"""`safelight deidentify cover`: one covered copy of one file, without server, database or settings."""

import json
from errno import EEXIST
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from safelight.deidentify import covering
from safelight.deidentify.boxes import Box, NotABox
from safelight.photographs.pictures import HEAD, Kind, recognise

Edges = tuple[float, float, float, float]
_EDGES = TypeAdapter(list[Edges])


class NotBoxes(ValueError):
    """What was typed is no list of boxes within the photo."""


def cover_file(file: Path, *, boxes: str, out: Path) -> str:
    """Write a covered copy of a photo and return what was done as one JSON object.

    `boxes` is a JSON list of [left, top, right, bottom] in pixels of the upright photo. Raises NotBoxes, CannotCover, Unavailable, OSError.
    """
    data = file.read_bytes()
    if out.exists() and out.samefile(file):
        raise FileExistsError(EEXIST, "this is the photo itself, which a copy never replaces", str(out))
    said = recognise(name=file.name, head=data[:HEAD], size=len(data))
    kind = said if isinstance(said, Kind) else None
    edges = _edges(boxes)
    copy = covering.cover(data, (), kind=kind)  # says how large the photo is when it stands upright
    if edges:
        try:
            asked = [Box.of_pixels(*box, copy.width, copy.height) for box in edges]
        except NotABox as fault:
            raise NotBoxes("a box lies outside the photo") from fault
        copy = covering.cover(data, asked, kind=kind)
    out.write_bytes(copy.data)
    done = {
        "file": str(out),
        "size": [copy.width, copy.height],
        "how": copy.how.value,
        "boxes": [list(box.pixels(copy.width, copy.height)) for box in copy.boxes],
    }
    return json.dumps(done)


def _edges(written: str) -> list[Edges]:
    try:
        return _EDGES.validate_json(written)
    except ValidationError as fault:
        raise NotBoxes("boxes are written as [[left, top, right, bottom], ...]") from fault
