"""On which ground an actor may see a patient: asked anew each time, never kept elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import QuerySet

from safelight.access import rules
from safelight.access.errors import NoCareRelationship, OpenedOnly
from safelight.access.models import CareRelationship, Why
from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients

SHOWN_FOR, MOST_SHOWN = timedelta(days=31), 200


class Kind(StrEnum):
    """What lets somebody see a patient, strongest first."""

    COMPUTER = "computer"
    OWN_WARD = "own_ward"
    VISIT = "visit"
    SCAN = "scan"
    EMERGENCY = "emergency"
    BREAK_GLASS = "break_glass"


@dataclass(frozen=True, slots=True)
class Ground:
    """Why an actor may see a patient, and until when; None where no time ends it."""

    kind: Kind
    until: datetime | None = None

    @property
    def opened(self) -> bool:
        """Whether the record is open by a reason only: pages say so."""
        return self.kind is Kind.BREAK_GLASS


def ground(actor: Actor, patient_id: UUID, *, now: datetime) -> Ground | None:
    """Why the actor may see the patient now; None where there is no reason. Raises NotFound for a patient who does not exist.

    A reason to see somebody who was merged is a reason to see the one who goes on, and the other way round: it is one person.
    """
    found = patients.patient(actor, patient_id)
    if actor.kind is ActorKind.WORKER:
        return Ground(Kind.COMPUTER)
    if rules.own_ward(actor, found):
        return Ground(Kind.OWN_WARD)
    rows = _standing(actor, now=now).filter(patient__in=patients.same_patient(actor, found.pk))
    grounds = [Ground(Kind(row.why), row.until) for row in rows.order_by("-until")]
    return min(grounds, key=lambda one: list(Kind).index(one.kind), default=None)


def require(actor: Actor, patient_id: UUID, *, now: datetime) -> Ground:
    """Why the actor may see the patient now. Raises NoCareRelationship, NotFound."""
    found = ground(actor, patient_id, now=now)
    if found is None:
        raise NoCareRelationship(patient_id)
    return found


def require_care(actor: Actor, patient_id: UUID, *, now: datetime) -> Ground:
    """As `require`, but an hour by a reason or in an emergency is not enough: for what would make it last, as moving to one's ward.

    Raises OpenedOnly, NoCareRelationship, NotFound.
    """
    found = require(actor, patient_id, now=now)
    if found.opened or found.kind is Kind.EMERGENCY:
        raise OpenedOnly(patient_id)
    return found


def may_see_many(actor: Actor, ids: Iterable[UUID], *, now: datetime) -> set[UUID]:
    """Those of some patients whom the actor may see now, by a handful of queries however many they are."""
    rows = patients.goes_on_as(actor, ids)
    if actor.kind is ActorKind.WORKER:
        return set(rows)
    related = set(_standing(actor, now=now).values_list("patient", flat=True))
    whole = {row.pk for row in patients.goes_on_as(actor, related).values()}
    return {one for one, row in rows.items() if rules.own_ward(actor, row) or row.pk in whole}


def _standing(actor: Actor, *, now: datetime) -> QuerySet[CareRelationship]:
    """The actor's relationships that have begun and not ended. Only break-glass is for accounts that do not treat."""
    rows = CareRelationship.objects.filter(person=actor.id, began_at__lte=now, until__gt=now)
    if rules.treats(actor):
        return rows
    return rows.filter(why=Why.BREAK_GLASS) if rules.may_give_a_reason(actor) else rows.none()


def opened_in_week(actor: Actor, *, now: datetime) -> int:
    """How many records the actor opened by a reason in the last seven days."""
    since = now - rules.OFTEN_WITHIN
    return CareRelationship.objects.filter(person=actor.id, why=Why.BREAK_GLASS, began_at__gt=since, began_at__lte=now).count()


def opened(actor: Actor, relationship_id: UUID) -> CareRelationship:
    """One record that was opened by a reason, for who reviews it. Raises NotFound."""
    found = _opened(actor).filter(pk=relationship_id).first()
    if found is None:
        raise NotFound(relationship_id)
    return found


def opened_records(actor: Actor, *, now: datetime) -> list[CareRelationship]:
    """What waits for review, oldest first, then what was reviewed in the last month, newest first."""
    waiting = _opened(actor).filter(reviewed_at=None).order_by("began_at")
    done = _opened(actor).filter(reviewed_at__gt=now - SHOWN_FOR).order_by("-reviewed_at")
    return [*waiting[:MOST_SHOWN], *done[:MOST_SHOWN]]


def to_review(actor: Actor) -> int:
    """How many opened records wait for a review; 0 for everybody who does not review."""
    return _opened(actor).filter(reviewed_at=None).exclude(person=actor.id).count()


def often(actor: Actor, rows: Iterable[CareRelationship]) -> set[UUID]:
    """Those of some opened records that were their person's fourth or later within seven days."""
    shown = list(rows)
    if not shown:
        return set()
    since = min(row.began_at for row in shown) - rules.OFTEN_WITHIN
    times: dict[UUID, list[datetime]] = {}
    people = {row.person for row in shown}
    for person, at in _opened(actor).filter(person__in=people, began_at__gt=since).values_list("person", "began_at"):
        times.setdefault(person, []).append(at)
    return {row.pk for row in shown if rules.too_often(times.get(row.person, []), at=row.began_at)}


def _opened(actor: Actor) -> QuerySet[CareRelationship]:
    rows = CareRelationship.objects.filter(why=Why.BREAK_GLASS)
    return rows if rules.reviews(actor) else rows.none()
