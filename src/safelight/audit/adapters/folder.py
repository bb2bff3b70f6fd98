"""A witness that is a folder: a share that keeps what is written once (WORM), or a disk that another department mounts."""

import os
from pathlib import Path

from safelight.kernel.errors import Damage, Unavailable


class AnotherHistory(Damage):
    """The witness holds another checkpoint for this size: the history was changed."""

    code = "audit.another_history"


class FolderWitness:
    """One file a checkpoint, created once, synced with its folder."""

    def __init__(self, *, folder: Path) -> None:
        self.folder = folder

    def keep(self, *, size: int, note: str) -> None:
        file = self.folder / f"{size:012d}.checkpoint"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
        except FileExistsError:
            if file.read_text() != note:
                raise AnotherHistory(size) from None
            return
        except OSError as fault:
            raise WitnessAway(fault.errno) from fault
        with os.fdopen(handle, "w") as out:
            out.write(note)
            out.flush()
            os.fsync(out.fileno())
        place = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)


class WitnessAway(Unavailable):
    """The folder of the witness cannot be written."""

    code = "audit.witness_away"
