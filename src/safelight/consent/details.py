"""Names, notes and signature of a consent: sealed before the action, opened by a page that may show them."""

import json
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from uuid import UUID

from safelight.vault import fields as sealing

Stroke = tuple[tuple[int, int], ...]
MOST_POINTS = 20_000
SIDE = 1000


class Detail(StrEnum):
    """What can be given beside the answers. The names are those of the fields of Details."""

    NAME = "name"
    ASSESSOR = "assessor"
    REASON = "reason"
    SIGNATURE = "signature"
    SIGNED_NAME = "signed_name"
    LANGUAGE = "language"
    INTERPRETER = "interpreter"
    TOLD_BY = "told_by"
    NOTES = "notes"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Details:
    """`name` is the parent's, attorney's or deputy's; `assessor` and `reason` are those of best interests; `told_by` is the format
    that was used (large print, pictures, a sign language). `signature` holds strokes: points of 0 to 1000 across and down.
    """

    name: str = ""
    assessor: str = ""
    reason: str = ""
    signed_name: str = ""
    language: str = ""
    interpreter: str = ""
    told_by: str = ""
    notes: str = ""
    signature: tuple[Stroke, ...] = ()

    @property
    def given(self) -> frozenset[Detail]:
        """Which of them are there."""
        return frozenset(Detail(field.name) for field in fields(self) if getattr(self, field.name))


def strokes_of(text: str) -> tuple[Stroke, ...]:
    """A signature as the page sends it: JSON, strokes of points of two whole numbers from 0 to 1000. Raises ValueError for anything else.

    Numbers and nothing but numbers: what is drawn of it later can carry no markup.
    """
    if not text.strip():
        return ()
    read = json.loads(text)
    if not isinstance(read, list) or not all(isinstance(stroke, list) and stroke for stroke in read):
        raise ValueError("strokes are lists of points")
    if sum(len(stroke) for stroke in read) > MOST_POINTS:
        raise ValueError("a signature of too many points")
    return tuple(tuple(_point(point) for point in stroke) for stroke in read)


def _point(point: object) -> tuple[int, int]:
    match point:
        case [int(x), int(y)] if 0 <= x <= SIDE and 0 <= y <= SIDE:
            return (x, y)
        case _:
            raise ValueError("a point is two numbers from 0 to 1000")


def path_of(signature: tuple[Stroke, ...]) -> str:
    """The strokes as the path of an SVG, 1000 across and down."""
    return "".join(
        "M" + "L".join(f"{x} {y}" for x, y in (stroke if len(stroke) > 1 else (stroke[0], (stroke[0][0] + 1, stroke[0][1]))))
        for stroke in signature
    )


def seal(details: Details, consent_id: UUID) -> bytes:
    """The details sealed for one consent. Asks the key service: before the action."""
    return sealing.seal_field(json.dumps(asdict(details)).encode(), context=_context(consent_id))


def unseal(sealed: bytes, consent_id: UUID) -> Details:
    """The details of a consent. Raises ObjectDamaged or WrongKey where they were changed or are another consent's."""
    if not sealed:
        return Details()
    plain = json.loads(sealing.open_field(sealed, context=_context(consent_id)))
    strokes = tuple(tuple((int(x), int(y)) for x, y in stroke) for stroke in plain.pop("signature"))
    return Details(**plain, signature=strokes)


def _context(consent_id: UUID) -> str:
    return f"consent:{consent_id}:details"
