"""What the commands for keys need beside the vault: two people's agreement, and that nobody else is at it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import connection

from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR
from safelight.kernel.errors import Unavailable
from safelight.staff import queries
from safelight.staff.actions.begin_agreed import begin_agreed
from safelight.staff.actions.end_agreed import end_agreed
from safelight.staff.models import ForKeys


class KeysAreTurning(Unavailable):
    """Another command is at the keys: two at once would make two keys of one agreement."""

    code = "config.keys_are_turning"
    says = "Another command is at the keys of this installation. Nothing was changed. Wait until it has ended, and look what it said."


@dataclass(frozen=True, slots=True)
class ByTwo:
    """What two people agreed to in Safelight, as the command line uses it up."""

    what: ForKeys

    def begin(self, *, newest: str) -> str:
        """Raises NotAgreed."""
        return begin_agreed(by=OPERATOR, what=self.what, newest=newest, now=clock.now()).newest

    def end(self) -> None:
        """Harmless where nothing was begun."""
        if queries.begun(OPERATOR, self.what):
            end_agreed(by=OPERATOR, what=self.what, now=clock.now())


@contextmanager
def alone() -> Iterator[None]:
    """Be the only command at the keys: by a lock in PostgreSQL, or on a file beside SQLite. Both end with the process.

    Raises KeysAreTurning.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(hashtext('keys'), hashtext('turn'))")
            if not cursor.fetchone()[0]:
                raise KeysAreTurning
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext('keys'), hashtext('turn'))")
        return
    handle = os.open(Path(settings.SAFELIGHT_DATA) / "keys.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise KeysAreTurning from None
    finally:
        os.close(handle)
