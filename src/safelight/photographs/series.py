"""The days of one body site: which photo stands for each, and which two are compared. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from uuid import UUID

from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.photographs import queries
from safelight.photographs.models import Photograph
from safelight.photographs.sites import SiteSaid

MOST_DAYS = 60
MOST_IN_A_STRIP = 11
_MOST_PHOTOS = 500


@dataclass(frozen=True, slots=True)
class DayShown:
    """A day on which a body site was photographed, and the photo that stands for it. `number` counts days from the first."""

    day: date
    number: int
    photograph: UUID
    here: bool


def days(actor: Actor, of: Photograph, *, zone: tzinfo, most: int = MOST_DAYS) -> tuple[DayShown, ...]:
    """At most so many days around a photo of the same body site, oldest first.

    The photo itself stands for its own day, for others one of the same view if there is one.
    """
    rows = queries.around(actor, of, most=_MOST_PHOTOS)
    first = queries.first_taken(actor, of)
    by_day: dict[date, list[tuple[UUID, str]]] = {}
    for photograph, taken_at, view in rows:
        by_day.setdefault(_day(taken_at, zone), []).append((photograph, view))
    here = _day(of.taken_at, zone)
    found = [
        DayShown(day, (day - _day(first, zone)).days, of.pk if day == here else _like(photos, of.view), day == here)
        for day, photos in sorted(by_day.items())
    ]
    place = next((number for number, shown in enumerate(found) if shown.here), 0)
    begin = max(0, min(place - most // 2, len(found) - most))
    return tuple(found[begin : begin + most])


def beside(shown: Sequence[DayShown]) -> tuple[UUID | None, UUID | None]:
    """The photos of the day before and of the day after the one that is here."""
    place = next((number for number, one in enumerate(shown) if one.here), None)
    if place is None:
        return None, None
    before = shown[place - 1].photograph if place else None
    return before, shown[place + 1].photograph if place + 1 < len(shown) else None


def two_of(
    actor: Actor, patient_id: UUID, *, one: UUID | None, other: UUID | None, site: SiteSaid | None, zone: tzinfo
) -> list[Photograph]:
    """The photos to compare, in the order asked for. What was left out is chosen: the day before, else the day after, else the next photo.

    With neither, the newest photo of `site` is one of them. Fewer than two where there are no more. Raises NotFound for a photo that
    is not this patient's.
    """
    chosen = [queries.photograph(actor, each) for each in (one, other) if each is not None]
    if not chosen and site is not None:
        chosen = queries.newest(actor, patient_id, site)
    same = patients.same_patient(actor, patient_id)
    if any(photograph.patient_id not in same for photograph in chosen):
        raise NotFound(patient_id)
    if len(chosen) == 1:
        partner = _partner(actor, chosen[0], zone)
        chosen += [queries.photograph(actor, partner)] if partner else []
        chosen.sort(key=lambda photograph: photograph.taken_at)
    return chosen


def _partner(actor: Actor, photograph: Photograph, zone: tzinfo) -> UUID | None:
    before, after = beside(days(actor, photograph, zone=zone))
    newer, older = queries.neighbours(actor, photograph)
    return before or after or older or newer


def _like(photos: list[tuple[UUID, str]], view: str) -> UUID:
    return next((photograph for photograph, seen in photos if seen == view), photos[0][0])


def _day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()
