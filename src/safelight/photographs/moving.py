"""What moving a misfiled photo needs, made before the action: its objects' keys, wrapped for the right patient."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.photographs import queries, visits
from safelight.photographs.models import Photograph, Visit
from safelight.photographs.reasons import MoveReason
from safelight.vault import objects
from safelight.vault.kept import Rewrapped
from safelight.vault.models import StoredObject

AROUND = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """Photos of one shot on their way out of a wrong record: a RAW file goes with its JPEG. `tombstones` are new ids, one for each."""

    photographs: tuple[UUID, ...]
    tombstones: tuple[UUID, ...]
    visit: UUID
    why: MoveReason
    rewrapped: tuple[Rewrapped, ...]


def objects_of(photograph: Photograph) -> tuple[StoredObject, ...]:
    """Every object that belongs to a photo and still has its key."""
    return tuple(stored for stored in (photograph.record_copy, photograph.preview, photograph.thumb) if stored and not stored.shredded_at)


def prepare(actor: Actor, *, photograph: UUID, visit: UUID, why: MoveReason, tombstones: tuple[UUID, ...]) -> Moving:
    """A move with its keys wrapped anew for the patient of the visit. Slow, for it asks the key service: before the action.

    `tombstones` are ids to take from, at least as many as the shot has files. Raises NotFound.
    """
    shot = queries.shot(actor, photograph)
    holder = str(patients.patient(actor, queries.visit(actor, visit).patient_id).pk)
    rewrapped = tuple(objects.rewrap(stored, holder=holder) for one in shot for stored in objects_of(one))
    return Moving(
        photographs=tuple(one.pk for one in shot),
        tombstones=tombstones[: len(shot)],
        visit=visit,
        why=why,
        rewrapped=rewrapped,
    )


def visits_for(actor: Actor, photograph: UUID, patient: UUID) -> list[Visit]:
    """The visits of a patient that a photo may belong to: from two weeks before it on. Raises NotFound."""
    return visits.visits_of(actor, patient, since=queries.photograph(actor, photograph).taken_at - AROUND)
