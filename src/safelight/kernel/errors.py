"""Errors grouped by who can act on them. Each class has a stable code; anything else is a bug and crashes.

`code` is the reason in the ledger, the problem type (RFC 9457), the anchor in the documentation and the
translation key. `says` is for a person: what happened, what is safe, what to do next; no codes, no blame.
"""

from typing import ClassVar
from uuid import UUID


class SafelightError(Exception):
    """What all of ours have in common; never raised itself."""

    code: ClassVar[str]
    says: ClassVar[str]
    status: ClassVar[int]

    # Whom a refusal is about, where only what was asked for tells: the ledger's entry is about this patient then.
    patient_id: UUID | None = None

    def __init__(self, *about: object) -> None:
        """`about` holds identifiers for the log, never anything that names a patient."""
        super().__init__(*about)

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        known = _BY_CODE.setdefault(cls.__dict__.get("code", cls.__qualname__), cls)
        if known.__qualname__ != cls.__qualname__:
            raise TypeError(f"two errors share the code {cls.code}")


_BY_CODE: dict[str, type[SafelightError]] = {}


class Refusal(SafelightError):
    """The answer is no, and the one who asked can do something about it."""

    code = "refusal"
    says = "That cannot be done."
    status = 403


class NotFound(Refusal):
    """There is no such thing, or not for this actor: both answers are the same."""

    code = "not_found"
    says = "There is nothing here. It may have been moved, or the address is mistyped."
    status = 404


class Damage(SafelightError):
    """Bytes or history are wrong. Nobody at the bedside can mend it: a person responsible is told."""

    code = "damage"
    says = "Something stored here is damaged. Nothing was changed. The people who look after the system have been told."
    status = 500


class Unavailable(SafelightError):
    """A part that is needed does not answer. Trying later is right."""

    code = "unavailable"
    says = "A part of the system does not answer. Nothing was lost. Try again in a minute."
    status = 503


def every_error() -> dict[str, type[SafelightError]]:
    """All error classes by code, for the documentation and the tests."""
    return dict(_BY_CODE)
