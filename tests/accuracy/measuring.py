"""Running the finders over photographs with known truth, each also turned by quarters."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
import simplejpeg
from pi_heif import register_heif_opener
from PIL import Image, ImageOps
from tests.accuracy import counting
from tests.accuracy.counting import Tally
from tests.accuracy.truth import Known

from safelight.deidentify.boxes import Found
from safelight.deidentify.finders.asking import FINDERS, Limits, Lookers
from safelight.photographs.pictures import HEAD, Kind, recognise

FACES, TEXT, BARCODES = FINDERS
LOOKED_FOR = {"faces": (FACES, BARCODES), "skin": (FACES, TEXT, BARCODES), "text": (TEXT, BARCODES)}
WORKERS = 2
register_heif_opener()


@dataclass
class Figures:
    """What one turn of all pictures gave."""

    faces: Tally = field(default_factory=Tally)
    text: Tally = field(default_factory=Tally)
    barcodes: Tally = field(default_factory=Tally)
    cpu_seconds: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Looked:
    known: Known
    found: list[Found]
    size: tuple[int, int]
    cpu_seconds: float
    failed: bool


def upright(known: Known) -> np.ndarray:
    with Image.open(BytesIO(known.drawn) if known.drawn else known.path) as file:
        return np.asarray(ImageOps.exif_transpose(file).convert("RGB"))


def turned(pixels: np.ndarray, turns: int) -> bytes:
    return simplejpeg.encode_jpeg(np.ascontiguousarray(np.rot90(pixels, turns)), quality=95, colorspace="RGB", colorsubsampling="444")


def look(pictures: Iterable[Known], turns: int, finders: tuple[str, ...], workers: int = WORKERS) -> Iterator[Looked]:
    """Each picture through the finding process: its own file upright, encoded anew where it is turned."""
    lookers = Lookers(Limits(seconds_a_file=120, seconds_to_start=300, seconds_to_wait=600, files_a_worker=400, workers=workers), finders)

    def one(known: Known) -> Looked:
        if turns:
            pixels = upright(known)
            data, kind = turned(pixels, turns), Kind.JPEG
            known = known.turned(turns, pixels.shape[1], pixels.shape[0])
        elif known.drawn:
            data, kind = known.drawn, Kind.JPEG
        else:
            data = known.path.read_bytes()
            kind = recognise(name=known.path.name, head=data[:HEAD], size=len(data))
        steps = list(lookers.look(data, kind))
        size = (steps[0].stage.width, steps[0].stage.height)
        found = [found for step in steps for found in step.stage.found]
        return Looked(known, found, size, sum(step.cpu_seconds for step in steps), any(step.stage.failed for step in steps))

    with ThreadPoolExecutor(workers) as threads:
        yield from threads.map(one, pictures)
    lookers.close()


def measure(pictures: list[Known], turns: int, *, everything: bool) -> Figures:
    """All figures of one turn. `everything` looks for all kinds in each photograph, which the seconds of computing need."""
    figures = Figures()
    for folder in ("faces", "skin", "text"):
        finders = FINDERS if everything else LOOKED_FOR[folder]
        for looked in look([known for known in pictures if known.folder == folder], turns, finders):
            figures.cpu_seconds.append(looked.cpu_seconds)
            _count(figures, looked, turns)
    for looked in look([known for known in pictures if known.folder in ("barcodes", "metadata")], turns, (BARCODES,)):
        _count(figures, looked, turns)
    return figures


def measure_unseen(pictures: list[Known]) -> Figures:
    """The same of photographs that were drawn, each for what was drawn into it."""
    figures = Figures()
    for folder, finder in (("faces", FACES), ("text", TEXT), ("barcodes", BARCODES)):
        for looked in look([known for known in pictures if known.folder == folder], 0, (finder,)):
            _count(figures, looked, 0)
    return figures


def _count(figures: Figures, looked: Looked, turns: int) -> None:
    known, folder = looked.known, looked.known.folder
    if looked.failed:
        figures.failed.append(known.path.name)
    if folder in ("faces", "skin"):
        counting.count_faces(figures.faces, known, turns, looked.found, looked.size)
    if folder in ("text", "skin"):
        counting.count_text(figures.text, known, turns, looked.found, looked.size)
    counting.count_barcodes(figures.barcodes, known, turns, looked.found, looked.size)
