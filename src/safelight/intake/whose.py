"""Whose photos are on a card, for the person who looks: names only of patients whom they may see. Reads only."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.intake import queries
from safelight.intake.lifecycle import Whereabouts
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.patients.identity import Identity
from safelight.photographs import queries as photographs


@dataclass(frozen=True, slots=True)
class Named:
    """A patient whom the actor may see, how many photos of this card are in the record, and of how many the site is not said."""

    patient: UUID
    identity: Identity
    photos: int
    unsaid: int


@dataclass(frozen=True, slots=True)
class Whose:
    """Patients with names, the photos of those without, and the visits that they are of."""

    named: tuple[Named, ...]
    other_patients: int
    other_photos: int
    visits: frozenset[UUID]


def whose(actor: Actor, import_id: UUID, *, now: datetime) -> Whose:
    """Whose photos of a card are in the record, in the order of the card."""
    sortings = queries.sortings_of(actor, import_id).filter(state=Whereabouts.FILED)
    filed = sortings.values_list("frame", "visit__patient", "read_in", "position")
    counted: Counter[UUID] = Counter()
    frames = set()
    for frame, patient, _, _ in filed.order_by("read_in", "position").distinct():
        frames.add(frame)
        if patient is not None:
            counted[patient] += 1
    names = names_of(actor, counted, now=now)
    unsaid = photographs.unsaid_by_patient(actor, frames)
    hidden = [patient for patient in counted if patient not in names]
    return Whose(
        named=tuple(Named(patient, names[patient], counted[patient], unsaid.get(patient, 0)) for patient in counted if patient in names),
        other_patients=len(hidden),
        other_photos=sum(counted[patient] for patient in hidden),
        visits=frozenset(visit for visit in sortings.values_list("visit", flat=True) if visit),
    )


def names_of(actor: Actor, ids: Iterable[UUID], *, now: datetime) -> dict[UUID, Identity]:
    """The identities of those patients whom the actor may see. Asks the key service: never inside an action."""
    seen = access.may_see_many(actor, list(ids), now=now)
    return patients.identities(actor, seen)
