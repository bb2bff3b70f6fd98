"""The words of opinions, sealed: each is bound to its own row. Slow, for it asks the key service: before or after an action."""

from uuid import UUID

from safelight.vault.fields import open_field, seal_field


def seal_question(words: str, *, opinion: UUID) -> bytes:
    """Seal a question for one opinion."""
    return seal_field(words.strip().encode(), context=f"sharing|question|{opinion}")


def open_question(sealed: bytes | memoryview, *, opinion: UUID) -> str:
    """The words of a question. Raises ObjectDamaged or WrongKey where they were changed or are another row's."""
    return open_field(bytes(sealed), context=f"sharing|question|{opinion}").decode()


def seal_answer(words: str, *, answer: UUID) -> bytes:
    """Seal the words of an answer; nothing for no words."""
    return seal_field(words.strip().encode(), context=f"sharing|answer|{answer}") if words.strip() else b""


def open_answer(sealed: bytes | memoryview, *, answer: UUID) -> str:
    """The words of an answer, empty where there are none. Raises as `open_question`."""
    return open_field(bytes(sealed), context=f"sharing|answer|{answer}").decode() if sealed else ""


def seal_reason(words: str, *, call: UUID) -> bytes:
    """Seal why the emergency lane was taken; nothing for no words."""
    return seal_field(words.strip().encode(), context=f"sharing|call|{call}") if words.strip() else b""


def open_reason(sealed: bytes | memoryview, *, call: UUID) -> str:
    """Why the emergency lane was taken. Raises as `open_question`."""
    return open_field(bytes(sealed), context=f"sharing|call|{call}").decode()
