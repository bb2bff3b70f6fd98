"""A fact: something that has happened, as an action states it and the ledger keeps it."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import ClassVar
from uuid import UUID

Plain = str | int | bool | None | list["Plain"] | dict[str, "Plain"]


class Sealed(bytes):
    """Bytes that were sealed before they came here: the ledger keeps them and cannot read them."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Base of every fact. Fields hold identifiers, counts, codes and times; never clinical content, names or numbers.

    A fact about a patient carries the patient's pseudonym in a field named `patient`.
    """

    name: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = f"{cls.__module__.split('.')[-2]}.{cls.__qualname__}"

    def plain(self) -> dict[str, Plain]:
        """The fields as JSON values. Raises TypeError for a type that the ledger does not take."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def _plain(value: object) -> Plain:
    match value:
        case None | bool() | int():
            return value
        case Sealed():
            return value.hex()
        case UUID() | str():  # a StrEnum and a Digest are text too
            return str(value)
        case datetime():
            return value.isoformat()
        case frozenset():
            return [*sorted(str(_plain(item)) for item in value)]
        case tuple() | list():
            return [_plain(item) for item in value]
        case _:
            raise TypeError(f"a fact cannot hold {type(value).__name__}")
