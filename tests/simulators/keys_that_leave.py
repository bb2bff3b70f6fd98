"""A key service in a file that goes away at a moment that a test chooses: whoever asked then is interrupted, wherever they were."""

from pathlib import Path

from safelight.vault.adapters.file_keys import FileKeys
from safelight.vault.errors import KeysAway

_left: list[int] = []  # how many calls are answered yet; empty: all of them


class KeysThatLeave(FileKeys):
    """Answers the next `left` calls that a rotation makes of it, then none until it is told to stay."""

    def __init__(self, *, file: Path) -> None:
        super().__init__(file=file)

    def mac(self, context: bytes, data: bytes, *, number: int) -> bytes:
        _count()
        return super().mac(context, data, number=number)

    def make_index_key(self, number: int) -> None:
        _count()
        super().make_index_key(number)
        _count()

    def retire_index_key(self, number: int) -> None:
        _count()
        super().retire_index_key(number)
        _count()


def leave_after(calls: int) -> None:
    """Go away after this many calls."""
    _left[:] = [calls]


def stay() -> None:
    """Answer every call from now on."""
    _left.clear()


def _count() -> None:
    if _left:
        if not _left[0]:
            raise KeysAway("left")
        _left[0] -= 1
