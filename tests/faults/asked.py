"""What each fault is asked, afterwards and after the next run: is every photo whole on the card, or readable from the vault?"""

import subprocess
from hashlib import sha256
from pathlib import Path

from django.db import connection

from safelight.audit import checkpoint, verify
from safelight.custody.models import Frame, Import
from safelight.kernel.errors import Damage
from safelight.vault import objects
from safelight.vault.errors import Shredded
from safelight.vault.models import StoredObject

ANYWHERE = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))  # where this machine keeps what is temporary
CLOCKS_LAG = 2.0  # seconds; a file's time of change is that of the kernel's last tick


def digests_on(card: Path) -> set[str]:
    """Digests of the whole files on a card that is a folder."""
    return {sha256(path.read_bytes()).hexdigest() for path in card.rglob("*") if path.is_file()}


def digests_of(photos: dict[str, bytes]) -> set[str]:
    return {sha256(data).hexdigest() for data in photos.values()}


def in_vault(digest: str) -> bool:
    """Whether the record has this photo: read from the disk, decrypted, compared."""
    frame = Frame.objects.select_related("stored").filter(digest=digest, received_at__isnull=False).first()
    if frame is None or frame.stored is None:
        return False
    try:
        return objects.read_back(frame.stored) == digest
    except (Damage, Shredded):
        return False


def lost(photos: dict[str, bytes], card: Path) -> list[str]:
    """Names of photos that are neither whole on the card nor readable from the vault."""
    there = digests_on(card)
    digests = {name: sha256(data).hexdigest() for name, data in photos.items()}
    return [name for name, digest in digests.items() if digest not in there and not in_vault(digest)]


def kept_twice() -> int:
    """Photos of which the record has more than one copy, or the register more than one frame."""
    frames, copies = Frame.objects.count(), StoredObject.objects.filter(rendition="record")
    return Frame.objects.values("digest").distinct().count() - frames + copies.count() - copies.values("digest").distinct().count()


def unfinished() -> list[str]:
    """What did not come to its end: frames that are not erased, imports without an end."""
    frames = [f"frame {state}" for state in Frame.objects.exclude(state="erased").values_list("state", flat=True)]
    return frames + [f"import {pk}" for pk in Import.objects.filter(finished_at=None).values_list("pk", flat=True)]


def flows_waiting() -> int:
    """Promises that the worker has not carried out yet."""
    table = "workflow_status" if connection.vendor == "sqlite" else "dbos.workflow_status"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE name = 'check_frame' AND status IN ('PENDING', 'ENQUEUED')")
        return int(cursor.fetchone()[0])


def ledger_is_fine() -> bool:
    return verify.check(notes=verify.notes_in_database(), key=checkpoint.ledger_signer().vkey).ok


def in_the_clear(mark: bytes, *folders: Path, since: float = 0.0) -> list[str]:
    """Files below some folders that hold the planted bytes. No file that was last written before they were made up can hold them."""
    there = [str(folder) for folder in folders if folder.exists()]
    command = ["find", "-H", *there, "-type", "f", "-newerct", f"@{since - CLOCKS_LAG}", "-exec", "grep", "-laF", mark.decode(), "{}", "+"]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout.splitlines()
