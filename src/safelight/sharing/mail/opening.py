"""A letter that was encrypted to the site's own certificate (S/MIME, RFC 8551), opened by its key: in memory, by `openssl cms`.

The way of a letter stands outside of what was encrypted, and only that counts: of what is inside, the lines that say what kind of
content it is, and the content. A sender who is named inside is nobody. That it was encrypted proves nothing of who wrote it.
"""

import re
import subprocess
from pathlib import Path
from typing import Final

PATIENCE = 20
_ENDS_HEAD: Final = re.compile(rb"\r?\n\r?\n")
_FIELD: Final = re.compile(rb"[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*")
_OF_CONTENT: Final = re.compile(rb"(content-|mime-version:)", re.IGNORECASE)


def opened(letter: bytes, *, certificate: Path, key: Path) -> bytes | None:
    """The letter with what was encrypted in its place; None where it was not encrypted to this certificate, or was changed."""
    command = ["openssl", "cms", "-decrypt", "-recip", str(certificate), "-inkey", str(key)]
    try:
        done = subprocess.run(command, input=letter, check=False, capture_output=True, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode or not done.stdout:
        return None
    way, _ = _parts(letter)
    head, content = _parts(done.stdout)
    kept = [field for field in _FIELD.findall(way) if not _OF_CONTENT.match(field)]
    kind = [field for field in _FIELD.findall(head) if _OF_CONTENT.match(field)]
    return b"".join([*kept, *kind]) + b"\r\n" + content


def _parts(entity: bytes) -> tuple[bytes, bytes]:
    """Head and content. The head ends with a line's end."""
    found = _ENDS_HEAD.search(entity)
    return (entity, b"") if found is None else (entity[: found.start()] + b"\r\n", entity[found.end() :])
