"""Reading a trained file: only the one that was measured will do, for nobody knows what another would find."""

import hashlib
from pathlib import Path


class NotTheMeasuredOne(Exception):
    """A trained file is missing, or is another than the one that was measured."""


def read(path: Path, digest: str) -> bytes:
    """The bytes of a trained file. Raises NotTheMeasuredOne unless their SHA-256 is `digest`."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise NotTheMeasuredOne(path.name) from fault
    if hashlib.sha256(data).hexdigest() != digest:
        raise NotTheMeasuredOne(path.name)
    return data
