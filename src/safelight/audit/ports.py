"""What the ledger asks of others."""

from typing import Protocol


class Witness(Protocol):
    """Keeps checkpoints where the ledger's own administrators cannot quietly change them."""

    def keep(self, *, size: int, note: str) -> None:
        """When this returns, the checkpoint is kept. Keeping the same again is harmless; another text for a size raises Damage.

        Raises Unavailable where the witness does not answer.
        """

    def notes(self) -> list[str]:
        """Every checkpoint that is kept, the smallest first. Raises Unavailable where there is none: then nothing would be compared."""
