"""A covering process whose decoder has been taken over: behind the product's own walls, it answers what the file tells it to.

Run only by tests, in place of the product's worker. The file's text names the answer.
"""

import os
import sys
from io import BytesIO

from PIL import Image

from safelight.deidentify.covering import worker
from safelight.deidentify.covering.framing import How, Note
from safelight.deidentify.covering.rebuild import rebuild
from safelight.deidentify.covering.refusals import Why

WIDTH, HEIGHT = 48, 32


def _clean() -> bytes:
    written = BytesIO()
    Image.new("RGB", (WIDTH, HEIGHT)).save(written, "JPEG")
    return rebuild(written.getvalue(), orientation=1, space=None)


CLEAN = _clean()
COMMENT = b"\xff\xfe\x00\x06name"
SAID = Note(width=WIDTH, height=HEIGHT, how=How.UNCHANGED)
ANSWERS = {
    b"an honest copy": (SAID, CLEAN),
    b"a comment": (SAID, CLEAN[:20] + COMMENT + CLEAN[20:]),
    b"a byte behind the end": (SAID, CLEAN + b"\0"),
    b"a page": (SAID, b"<html><script>alert(1)</script>"),
    b"nothing": (SAID, b""),
    b"another size": (SAID.model_copy(update={"width": 31}), CLEAN),
    b"no word of how": (SAID.model_copy(update={"how": None}), CLEAN),
    b"a refusal with a copy": (Note(refusal=Why.DAMAGED), CLEAN),
}


class _WithMore(Note):
    is_admin: bool = True


def _work(data, asked):
    if data == b"crash":
        os._exit(1)
    if data == b"another field":
        return _WithMore(**SAID.model_dump()), CLEAN
    if data == b"a long word":
        return Note.model_construct(carried=(("Owner", "A" * 100_000),)), b""
    return ANSWERS[data]


if __name__ == "__main__":
    worker.prepare = lambda: _work
    worker.main(int(sys.argv[1]))
