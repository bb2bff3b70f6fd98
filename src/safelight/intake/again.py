"""Which photos of a card may be worth taking again while the patient is still there. Reads only; advice, on which nothing depends.

Photos are numbered as they lie on the card, slates and what was set aside left out; the files of one shot are one photo.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.custody import queries as custody
from safelight.intake import queries
from safelight.intake.lifecycle import Whereabouts
from safelight.intake.models import Sorting
from safelight.kernel.actor import Actor
from safelight.photographs.models import Visit
from safelight.photographs.quality.hints import Hint, in_words, known
from safelight.photographs.view_sets import Missing, missing

_NO_PHOTO = (Whereabouts.SLATE, Whereabouts.SET_ASIDE)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A photo by its number on the card, and what may be wrong with it: "may be out of focus"."""

    number: int
    says: str


@dataclass(frozen=True, slots=True)
class Again:
    """The photos that may be worth taking again, the numbers of those of each visit that has no ruler in any, and missing views."""

    photos: tuple[Doubtful, ...] = ()
    without_ruler: tuple[tuple[int, ...], ...] = ()
    missing: tuple[Missing, ...] = ()


def again(actor: Actor, import_id: UUID, *, now: datetime) -> Again:
    """What may be worth taking again of one card, as far as it has been read; views only of patients whom the actor may see."""
    rows = {row.frame_id: row for row in queries.sortings_of(actor, import_id)}
    shots = _numbered(actor, import_id, rows)
    visits: dict[UUID, list[tuple[int, bool]]] = {}
    for number, row in shots:
        if row.visit_id and row.state == Whereabouts.FILED and not row.unreadable:
            visits.setdefault(row.visit_id, []).append((number, Hint.NO_SCALE in known(row.hints)))
    return Again(
        photos=tuple(Doubtful(number, says) for number, row in shots if (says := in_words(known(row.hints)))),
        without_ruler=tuple(tuple(number for number, _ in of_visit) for of_visit in visits.values() if all(no for _, no in of_visit)),
        missing=_missing(actor, visits, now=now),
    )


def _missing(actor: Actor, visits: Collection[UUID], *, now: datetime) -> tuple[Missing, ...]:
    patients = dict(Visit.objects.filter(pk__in=visits).values_list("pk", "patient"))
    seen = access.may_see_many(actor, list(set(patients.values())), now=now)
    return tuple(missing(actor, [visit for visit in visits if patients[visit] in seen]))


def _numbered(actor: Actor, import_id: UUID, rows: dict[UUID, Sorting]) -> list[tuple[int, Sorting]]:
    """One row a shot with its number: the file that can be seen, not the RAW beside it."""
    shots: dict[str, list[Sorting]] = {}
    for place in custody.places_of(actor, import_id):
        row = rows.get(place.frame_id)
        if row is None or row.state not in _NO_PHOTO:
            shots.setdefault(place.pair, []).extend([row] if row else [])
    numbered = enumerate(shots.values(), 1)
    return [(number, min(shot, key=lambda row: (bool(row.unreadable), row.frame.kind == "raw"))) for number, shot in numbered if shot]
