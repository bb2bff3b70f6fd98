"""`safelight deidentify scan`: what the finders see in files, without server, database or settings. Nothing is kept."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from safelight.deidentify import finding
from safelight.deidentify.boxes import Found
from safelight.deidentify.finders.asking import Lookers
from safelight.photographs.pictures import HEAD, recognise
from safelight.photographs.pictures.reasons import Reason
from safelight.photographs.pictures.sandbox import shared_workers


@dataclass(frozen=True)
class Scanned:
    """One line of the answer, and whether the file could be looked at."""

    line: str
    fine: bool


def scan(files: Iterable[Path]) -> Iterator[Scanned]:
    """One JSON object for each file, in their order: what was found, or `error` in words. Raises Unavailable where nothing can look."""
    lookers = shared_workers(Lookers)
    for file in files:
        try:
            found = _looked(lookers, file)
        except OSError as fault:
            found = {"error": f"This file cannot be read: {fault.strerror}."}
        yield Scanned(json.dumps({"file": str(file), **found}, ensure_ascii=False), "error" not in found)


def _looked(lookers: Lookers, file: Path) -> dict[str, object]:
    data = file.read_bytes()
    kind = recognise(name=file.name, head=data[:HEAD], size=len(data))
    if isinstance(kind, Reason):
        return {"error": _in_short(kind)}
    began = time.process_time()
    steps = list(lookers.look(data, kind))
    if why := next((step.refusal for step in steps if step.refusal), None):
        return {"error": _in_short(why)}
    stages = [*(step.stage for step in steps), finding.carried(data, kind)]
    if failed := [stage.name for stage in stages if stage.failed]:
        return {"error": f"The computer could not check this photo: {', '.join(failed)}."}
    width, height = stages[0].width, stages[0].height
    return {
        "size": [width, height],
        "cpu_seconds": round(sum(step.cpu_seconds for step in steps) + time.process_time() - began, 3),
        "findings": [_said(found, width, height) for stage in stages for found in stage.found],
    }


def _in_short(why: Reason) -> str:
    """What happened; what a person at a card reader should do next is left out."""
    return f"{why.says.split('. ')[0]}."


def _said(found: Found, width: int, height: int) -> dict[str, object]:
    box = list(found.box.pixels(width, height)) if found.box else None
    return {"kind": found.kind.value, "box": box, "confidence": round(found.confidence, 3), "text": found.text}
