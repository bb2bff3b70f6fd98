"""The signing key of the ledger: 32 bytes of seed in a file that only its owner may read."""

import os
import secrets
from pathlib import Path

from handover.note import Signer
from safelight.kernel.errors import Unavailable

SEED_SIZE = 32


class NoSigningKey(Unavailable):
    """A signing key is missing, or others could read it."""

    code = "audit.no_signing_key"


def make_seed(file: Path) -> None:
    """Make a seed once. Raises FileExistsError rather than replace one."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(handle, "wb") as out:
        out.write(secrets.token_bytes(SEED_SIZE))
        out.flush()
        os.fsync(out.fileno())


def signer(file: Path, name: str) -> Signer:
    """The signer of a seed file. Raises NoSigningKey where the file is missing, of another size, or open to others."""
    try:
        if file.stat().st_mode & 0o077:
            raise NoSigningKey("open to others")
        seed = file.read_bytes()
    except OSError as fault:
        raise NoSigningKey(fault.errno) from fault
    if len(seed) != SEED_SIZE:
        raise NoSigningKey("not a seed")
    return Signer.from_seed(name, seed)
