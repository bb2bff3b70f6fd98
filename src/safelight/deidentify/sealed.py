"""What a finder read, and reasons in words, as the database holds them: sealed, and bound to whose they are."""

from uuid import UUID

from safelight.vault.fields import open_field, seal_field


def seal_read(text: str, *, photograph_id: UUID) -> bytes:
    """Seal what was read in one photo; nothing for nothing. Made before the action that keeps it."""
    return seal_field(text.encode(), context=_read_in(photograph_id)) if text else b""


def open_read(sealed: bytes | memoryview, *, photograph_id: UUID) -> str:
    """What was read. Raises ObjectDamaged or WrongKey where it was changed or was read in another photo."""
    return open_field(bytes(sealed), context=_read_in(photograph_id)).decode() if bytes(sealed) else ""


def seal_why(words: str, *, about: UUID) -> bytes:
    """Seal a reason for one row; nothing for no words. Made before the action that keeps it."""
    return seal_field(words.strip().encode(), context=_why(about)) if words.strip() else b""


def open_why(sealed: bytes | memoryview, *, about: UUID) -> str:
    """The reason. Raises as `open_read`."""
    return open_field(bytes(sealed), context=_why(about)).decode() if bytes(sealed) else ""


def _read_in(photograph_id: UUID) -> str:
    return f"read in a photo|{photograph_id}"


def _why(about: UUID) -> str:
    return f"covered copy, why|{about}"
