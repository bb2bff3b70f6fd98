"""A patient's photos in order: by body site, then by day. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import groupby
from uuid import UUID

from safelight.photographs.models import Photograph
from safelight.photographs.sites import SIDES, SiteSaid


@dataclass(frozen=True, slots=True)
class Day:
    """The photos of one body site that were taken on one day, newest first."""

    day: date
    photographs: tuple[Photograph, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """Photos of one body site over time, newest day first."""

    site: SiteSaid
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of a patient's photos, newest first, as an entry lists them. `older` is where the next page begins, None at the end.

    `pseudonyms` are all that mean this patient: `patient`'s own and those of patients who were merged into it.
    """

    patient: UUID
    pseudonyms: frozenset[UUID]
    photographs: tuple[Photograph, ...]
    older: UUID | None

    def filed_under(self, pseudonym: UUID) -> tuple[UUID, ...]:
        """The photos that were filed under one pseudonym: a patient with whom another was merged has several."""
        return tuple(photograph.pk for photograph in self.photographs if photograph.patient_id == pseudonym)

    def series(self, zone: tzinfo) -> tuple[Series, ...]:
        """By body site, the one photographed last first; within it by day, as the clock of the ward says."""
        by_site: dict[SiteSaid, list[Photograph]] = {}
        for photograph in self.photographs:
            by_site.setdefault(site_of(photograph), []).append(photograph)
        return tuple(Series(site, _days(photographs, zone)) for site, photographs in by_site.items())


def site_of(photograph: Photograph) -> SiteSaid:
    """The body site and side that a photo shows."""
    return SiteSaid(photograph.site, photograph.laterality)


def slug(site: SiteSaid) -> str:
    """How a body site stands in an address: "left-forearm"."""
    return f"{site.laterality}-{site.site}" if site.laterality else site.site


def site_in(text: str) -> SiteSaid:
    """The body site of an address. Any text is one: whether there are photos of it is another question."""
    side, dash, code = text.partition("-")
    return SiteSaid(code, side) if dash and side in set(SIDES) else SiteSaid(text)


def _days(photographs: Iterable[Photograph], zone: tzinfo) -> tuple[Day, ...]:
    return tuple(Day(day, tuple(of_day)) for day, of_day in groupby(photographs, lambda shown: shown.taken_at.astimezone(zone).date()))
