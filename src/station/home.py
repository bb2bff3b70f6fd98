"""What the station keeps between runs: who it is, and the key that proves the server's receipts."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from uuid import UUID

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class NotEnrolled(Exception):
    """The station has not been enrolled yet."""


class NotSafe(Exception):
    """The address is plain http and leaves this machine."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The server's address, this station's id and credential, and the server's public key (vkey)."""

    server: str
    station: str
    credential: str
    vkey: str

    @property
    def id(self) -> UUID:
        return UUID(self.station)

    @classmethod
    def load(cls, home: Path) -> Self:
        """Raises NotEnrolled where there is none yet, NotSafe where its address would send the credential in the clear."""
        try:
            found = cls(**json.loads((home / "identity.json").read_text()))
        except (OSError, ValueError, TypeError):
            raise NotEnrolled from None
        check_address(found.server)
        return found

    def save(self, home: Path) -> None:
        """Write the identity for its owner's eyes only, whole or not at all."""
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = home / "identity.new"
        draft.unlink(missing_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            json.dump(asdict(self), out)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(home / "identity.json")
        folder = os.open(home, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def check_address(server: str) -> str:
    """The address without its last slash. Raises NotSafe for plain http to another machine."""
    parts = urlsplit(server)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise NotSafe
    return server.rstrip("/")
