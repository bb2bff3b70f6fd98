"""A witness that is a folder: a share that keeps what is written once (WORM), or a disk that another department mounts."""

import errno
import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from safelight.kernel.errors import Damage, Unavailable

NO_LINKS = {errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK}


class AnotherHistory(Damage):
    """The witness holds another checkpoint for this size: the history was changed."""

    code = "audit.another_history"


class FolderWitness:
    """One file a checkpoint, created once and whole, synced with its folder.

    It is written under another name and gets its own by a link: a share that is full, or a power cut, leaves no half of a checkpoint,
    which would look like a forged one for ever. Where there are no links it is written in place.
    """

    def __init__(self, *, folder: Path) -> None:
        self.folder = folder

    def keep(self, *, size: int, note: str) -> None:
        file = self.folder / f"{size:012d}.checkpoint"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not file.exists():
                self._put(file, note)
            if file.read_text() != note:
                raise AnotherHistory(size)
        except OSError as fault:
            raise WitnessAway(fault.errno) from fault

    def notes(self) -> list[str]:
        try:
            notes = [file.read_text() for file in sorted(self.folder.glob("*.checkpoint"))]
        except OSError as fault:
            raise WitnessAway(fault.errno) from fault
        if not notes:
            raise WitnessAway(errno.ENOENT)
        return notes

    def _put(self, file: Path, note: str) -> None:
        draft = file.with_name(f"{file.name}.{token_hex(4)}.draft")
        try:
            _write(draft, note)
            _name(draft, file, note)
        finally:
            with suppress(OSError):
                draft.unlink()
        file.chmod(0o444)
        _sync(self.folder)


def _name(draft: Path, file: Path, note: str) -> None:
    try:
        file.hardlink_to(draft)
    except FileExistsError:  # another worker was faster
        return
    except OSError as fault:
        if fault.errno not in NO_LINKS:
            raise
        _write(file, note)


def _write(file: Path, note: str) -> None:
    with file.open("x") as out:
        try:
            out.write(note)
            out.flush()
            os.fsync(out.fileno())
        except OSError:
            file.unlink()
            raise


def _sync(folder: Path) -> None:
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)


class WitnessAway(Unavailable):
    """The folder of the witness cannot be read or written, or holds nothing where it should: a share that is not there looks so."""

    code = "audit.witness_away"
    says = "The folder of the witness does not answer, or holds no checkpoint. Is the share there?"
