"""The words in which somebody says why they open a record: they may name an illness, so they are sealed."""

from uuid import UUID

from safelight.vault.fields import open_field, seal_field


def seal_words(words: str, *, relationship_id: UUID) -> bytes:
    """Seal the words for one relationship; nothing for no words. Made before the action that keeps them."""
    return seal_field(words.strip().encode(), context=_context(relationship_id)) if words.strip() else b""


def open_words(sealed: bytes | memoryview, *, relationship_id: UUID) -> str:
    """The words. Raises ObjectDamaged or WrongKey where they were changed or are another row's."""
    return open_field(bytes(sealed), context=_context(relationship_id)).decode()


def _context(relationship_id: UUID) -> str:
    return f"access|{relationship_id}|words"
