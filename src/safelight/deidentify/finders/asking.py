"""The finding process as its callers see it: asked, timed, judged.

1. What cannot be a photograph is refused before a process is asked.
2. A process that dies, is silent for too long or answers out of form is ended: every stage that it still owed has failed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from safelight.deidentify.boxes import Box, NotABox, Stage
from safelight.deidentify.finders.framing import LONGEST, Note, Request
from safelight.photographs.pictures.answers import NotAnAnswer
from safelight.photographs.pictures.kinds import Kind
from safelight.photographs.pictures.process import Process, Silent
from safelight.photographs.pictures.reasons import Reason
from safelight.photographs.pictures.sandbox import Limits, Workers

FINDERS = (
    "safelight.deidentify.adapters.faces.Faces",
    "safelight.deidentify.adapters.text.Text",
    "safelight.deidentify.adapters.barcodes.Barcodes",
)
STEPS = ("faces", "text", "barcodes", "text-close")
"""The stages that these finders bring, in their order: what has failed where a process did not come as far as to name its own."""

# One process takes 0.9 GB while it looks, and one core: a computer that also shows photographs has few to spare.
# Each stage is asked for by itself, and counts as a file.
LIMITS = Limits(seconds_a_file=90.0, seconds_to_start=60.0, seconds_to_wait=300.0, files_a_worker=100, workers=1)


@dataclass(frozen=True)
class Step:
    """One stage, the seconds of computing that it took, and why the photograph cannot be looked at, where that is so."""

    stage: Stage
    cpu_seconds: float = 0.0
    refusal: Reason | None = None


class Lookers(Workers):
    """The workers that look, each with all the finders."""

    def __init__(self, limits: Limits = LIMITS, finders: tuple[str, ...] = FINDERS) -> None:
        super().__init__(limits)
        self.program = ("-m", "safelight.deidentify.finders.worker", ",".join(finders))

    def look(self, data: bytes, kind: Kind, *, covered: Sequence[Box] = (), most: int | None = None) -> Iterator[Step]:
        """Stage after stage of one photograph, or of a covered copy with the areas that were covered, which may have `most` bytes.

        Raises Unavailable where no process can be started behind walls.
        """
        if refusal := _refused(data, kind, most=most or kind.largest):  # (1)
            yield from _failed(STEPS, refusal)
            return
        with self._worker() as worker:
            left: tuple[str, ...] = STEPS
            width = height = 0
            areas = tuple((area.x, area.y, area.w, area.h) for area in covered)
            try:
                note = self._ask(worker, data, Request(begin=True, length=len(data), kind=kind, covered=areas))
                if note.refusal:
                    yield from _failed(STEPS, note.refusal)
                    return
                left, width, height, opening = note.left, note.width, note.height, note.cpu_seconds
                while left:
                    note = self._ask(worker, b"", Request(begin=False))
                    stage = _stage(note, left, width, height)
                    left = note.left
                    yield Step(stage, note.cpu_seconds + opening)
                    opening = 0.0
            except (Silent, NotAnAnswer) as fault:  # (2)
                worker.end()
                yield from _failed(left, Reason.TOO_SLOW if isinstance(fault, Silent) else Reason.STOPPED, width, height)
            except GeneratorExit:
                worker.end()  # what it still owes would be taken for the answer to the next question
                raise

    def _ask(self, worker: Process, data: bytes, request: Request) -> Note:
        return worker.ask(data, request.pack(), _judged, seconds=self.limits.seconds_a_file, longest=LONGEST)


def _judged(note: bytes, _: bytes, __: bytes) -> Note:
    try:
        return Note.model_validate_json(note)
    except ValidationError as fault:
        raise NotAnAnswer("not the known fields") from fault


def _stage(note: Note, left: tuple[str, ...], width: int, height: int) -> Stage:
    if note.refusal or note.stage != left[0] or note.left != left[1:]:
        raise NotAnAnswer("another stage")
    try:
        return note.as_stage(width, height)
    except NotABox as fault:
        raise NotAnAnswer("a box outside the photograph") from fault


def _refused(data: bytes, kind: Kind, *, most: int) -> Reason | None:
    if kind.video:
        return Reason.VIDEO_NOT_DRAWN
    if not data:
        return Reason.EMPTY
    return Reason.TOO_LARGE if len(data) > most else None


def _failed(names: tuple[str, ...], why: Reason, width: int = 0, height: int = 0) -> Iterator[Step]:
    for name in names:
        yield Step(Stage(name, (), failed=True, width=width, height=height), refusal=why)
