"""The covering process: makes copies and reads what files carry, behind walls. Run as `python -m ...covering.worker <fd>`.

As the process that draws photographs does it: walls first, then one file after another from the shared memory of descriptor `fd`.
Nothing here trusts the file, and the parent trusts nothing that comes from here: it proves each copy itself.
"""

import io
import mmap
import sys
import warnings
from collections.abc import Callable

from safelight.deidentify.covering.framing import LENGTH, Note, Request, Task
from safelight.photographs.pictures import walls
from safelight.photographs.pictures.framing import LENGTHS, read_exactly, write_all
from safelight.photographs.pictures.worker import behind_walls

Work = Callable[[bytes, Request], tuple[Note, bytes]]


def main(shared: int) -> None:
    work = behind_walls(prepare)
    while len(header := read_exactly(0, LENGTH.size)) == LENGTH.size:
        asked = Request.model_validate_json(read_exactly(0, *LENGTH.unpack(header)))
        walls.allow_cpu()
        with mmap.mmap(shared, asked.length, prot=mmap.PROT_READ) as file:
            note, made = work(file[:], asked)
        said = note.model_dump_json().encode()
        write_all(1, (LENGTHS.pack(len(said), len(made), 0), said, made))


def prepare() -> Work:
    """Import every decoder and use each once: behind the walls nothing can be loaded any more."""
    from PIL import Image

    from safelight.deidentify.covering import carrying, copying, marking
    from safelight.deidentify.covering.coefficients import Library
    from safelight.photographs.pictures import examination

    try:
        library: Library | None = Library()
    except OSError:
        library = None

    def work(data: bytes, asked: Request) -> tuple[Note, bytes]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            try:
                if asked.task is Task.CARRIED:
                    return Note(carried=carrying.carried(data, asked.kind, asked.words)), b""
                if asked.task is Task.MARK:
                    return marking.mark(data, asked)
                return copying.copy(data, asked, library)
            except Exception as fault:  # noqa: BLE001 - the outermost loop: decoders raise whatever a malformed file leads them to
                return copying.refused(fault), b""

    examination.rehearse()
    _rehearse(work)
    return work


def _rehearse(work: Work) -> None:
    from PIL import Image

    from safelight.deidentify.covering.profiles import PROFILES, Space
    from safelight.photographs.pictures import heic
    from safelight.photographs.pictures.kinds import Kind

    square = Image.new("RGB", (64, 48), (200, 150, 130))
    files = {Kind.HEIC: heic.REHEARSAL, Kind.DNG: b"II*\0"}
    for kind, form in ((Kind.JPEG, "JPEG"), (Kind.PNG, "PNG"), (Kind.TIFF, "TIFF")):
        written = io.BytesIO()
        square.save(written, form, icc_profile=PROFILES[Space.ADOBE_RGB], **({"compression": "tiff_lzw"} if form == "TIFF" else {}))
        files[kind] = written.getvalue()
    for kind, data in files.items():
        for lossless in (True, False):
            work(data, Request(task=Task.COVER, length=len(data), kind=kind, boxes=((0.1, 0.1, 0.5, 0.5),), turn=1, lossless=lossless))
        work(data, Request(task=Task.CARRIED, length=len(data), kind=kind))
    work(files[Kind.JPEG], Request(task=Task.MARK, length=0, kind=Kind.JPEG, words="Dr Zoë Łukasz 09:41", longest=2048))


if __name__ == "__main__":
    main(int(sys.argv[1]))
