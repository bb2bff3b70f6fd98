"""Letters into a folder of this machine: the demonstration's mailbox, which its page shows. Nothing leaves; `check --deploy` refuses it."""

import os
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from safelight.kernel import clock
from safelight.sharing.mail import letters
from safelight.sharing.mail.addresses import address
from safelight.sharing.ports import CourierAway, Letter, LetterTooLarge


class FolderCourier:
    """Writes each letter as a file (.eml), named after its Message-ID: one that is sent twice is there once."""

    def __init__(
        self, *, folder: Path, sender: str, name: str = "", largest: int = letters.LARGEST, now: Callable[[], datetime] = clock.now
    ) -> None:
        self._folder, self._largest, self._now = folder, largest, now
        self._sealing = letters.Sealing(address(sender), name)

    def send(self, letter: Letter, *, message_id: str) -> None:
        """See `ports.Courier`."""
        whole = letters.as_sent(letter, message_id=message_id, sealing=self._sealing, at=self._now())
        if letters.size(whole) > self._largest:
            raise LetterTooLarge
        name = sha256(message_id.encode()).hexdigest()
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            half = self._folder / f"{name}.{os.getpid()}.half"
            half.write_bytes(whole)
            half.replace(self._folder / f"{name}.eml")
        except OSError:
            raise CourierAway from None
