"""The key in whose name pushes are sent (RFC 8292): made once, on the disk of the keys, readable by its owner only."""

import os
from pathlib import Path

from webpush import VAPID


def make(file: Path) -> None:
    """Make the key where there is none. Another key would end every browser's subscription: it is never replaced."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except FileExistsError:
        return
    private, _, _ = VAPID.generate_keys()
    with os.fdopen(handle, "wb") as out:
        out.write(private)
        out.flush()
        os.fsync(out.fileno())
