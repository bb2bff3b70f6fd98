"""Patients as rows of a page: what tells them apart, and who looks alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from safelight.kernel.actor import Actor
from safelight.patients import names, queries
from safelight.patients.identity import Identity
from safelight.patients.models import Patient
from safelight.patients.queries import Banner
from safelight.patients.sealed import open_identity

PAGE = 25


@dataclass(frozen=True, slots=True)
class Row:
    """One patient. `alike`: another one on the page can be taken for them."""

    banner: Banner
    alike: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the patients on the actor's wards, by name. `next` is the last one's id, None at the end."""

    patients: tuple[UUID, ...]
    next: UUID | None


def ward_page(actor: Actor, *, after: UUID | None) -> Page:
    """The patients on the actor's wards behind one of them. Names are sealed, so they are put in order here, before the action.

    The place in the list is a pseudonym: no name stands in an address. Where that patient has left, the list begins anew.
    """
    who = queries.on_wards(actor)
    order = sorted(who, key=lambda one: (names.plain(who[one].family), names.plain(who[one].given), one))
    begin = order.index(after) + 1 if after in who else 0
    page = tuple(order[begin : begin + PAGE])
    return Page(page, page[-1] if begin + PAGE < len(order) else None)


def rows(actor: Actor, patients: Iterable[Patient], *, today: date) -> list[Row]:
    """The rows of a page, as an action let them be shown."""
    shown = list(patients)
    who = queries.identities(actor, [one.pk for one in shown])
    alike = _alike(who)
    return [Row(queries.banner_of(one, who[one.pk], today=today), one.pk in alike) for one in shown]


def merged_rows(actor: Actor, patient_id: UUID, *, today: date) -> list[Banner]:
    """The entries that were merged into a patient, as they were. The caller has asked whether the actor may see the patient."""
    return [
        queries.banner_of(row, open_identity(row.sealed, patient_id=row.pk), today=today) for row in queries.merged_here(actor, patient_id)
    ]


def _alike(who: dict[UUID, Identity]) -> set[UUID]:
    """Those with the same family name as another one, and the same first letter or birth date."""
    found = set[UUID]()
    by_family: dict[str, list[UUID]] = {}
    for patient, one in who.items():
        by_family.setdefault(names.plain(one.family), []).append(patient)
    for namesakes in by_family.values():
        for first in namesakes:
            found |= {second for second in namesakes if second != first and _may_be_mistaken(who[first], who[second])}
    return found


def _may_be_mistaken(first: Identity, second: Identity) -> bool:
    same_letter = names.plain(first.given)[:1] == names.plain(second.given)[:1]
    return same_letter or (first.born is not None and first.born == second.born)
