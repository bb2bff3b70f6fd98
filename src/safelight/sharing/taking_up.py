"""The questions of people who have left: who reads what becomes of them.

1. The clinicians and photographers of the ward that the patient is on now have the part of the one who asked.
2. Where nobody treats on that ward, or the patient is on none, an IG lead has it: nobody's answer is read by nobody.
3. Somebody who comes back has their own questions again.
"""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from safelight.access import rules as access
from safelight.kernel.actor import WORKER, Actor, ActorKind, Role
from safelight.patients import queries as patients
from safelight.patients.models import Patient
from safelight.sharing import rules
from safelight.sharing.lifecycle import ShareState
from safelight.sharing.models.opinions import Opinion
from safelight.sharing.rules import Ended
from safelight.staff.models import Person

MOST = 200
TREATING = {Role.CLINICIAN, Role.PHOTOGRAPHER}
# What nobody has confirmed and its asker did not end: there is an index for these alone.
UNCONFIRMED = Q(read_at=None) & ~Q(ended_why=Ended.ASKER)


def left(opinion: Opinion) -> bool:
    """Whether whoever asked works here no more."""
    return Person.objects.filter(pk=opinion.asked_by, is_active=False).exists()


def takes_up(actor: Actor, opinion: Opinion) -> bool:
    """Whether the actor has the part of the one who asked, who has left."""
    if not _may_have_a_part(actor) or opinion.person_id == actor.id or not left(opinion):
        return False
    return bool(of(actor, [opinion.patient_id]))


def to_take_up(actor: Actor) -> list[UUID]:
    """The questions of people who have left that were answered, or ended, and that the actor is to confirm in their place."""
    rows = list(Opinion.objects.filter(left_behind(actor)).order_by("asked_at").values_list("pk", "patient")[:MOST])
    mine = of(actor, {patient for _, patient in rows})
    return [opinion for opinion, patient in rows if patient in mine]


def left_behind(actor: Actor) -> Q:
    """Those questions, of all patients, for a query: as a rule there are none. `of` says for which patients the actor has a part."""
    if not _may_have_a_part(actor):
        return Q(pk__in=[])
    ended = Q(answered_at__isnull=False) | Q(state__in=[ShareState.TAKEN_BACK, ShareState.EXPIRED])
    gone = Person.objects.filter(is_active=False).values("pk")
    return UNCONFIRMED & ended & Q(asked_by__in=gone) & ~Q(person=actor.id)


def of(actor: Actor, ids: Collection[UUID]) -> set[UUID]:
    """Those of some patients for whom the actor has the part of an asker who has left."""
    return {one for one, patient in patients.goes_on_as(actor, ids).items() if _for(actor, patient)} if ids else set()


def those_who_take_up(opinion: Opinion) -> list[Person]:
    """The people who have the part of an asker who has left, but for the one who is asked."""
    patient = patients.goes_on_as(WORKER, [opinion.patient_id])[opinion.patient_id]
    people = _treating_on(patient.ward) or [one for one in Person.objects.filter(is_active=True) if Role.IG_LEAD in one.roles]
    return [one for one in people if one.pk != opinion.person_id]


def _may_have_a_part(actor: Actor) -> bool:
    return actor.kind is ActorKind.STAFF and (access.treats(actor) or rules.reviews(actor))


def _for(actor: Actor, patient: Patient) -> bool:
    return access.own_ward(actor, patient) or (rules.reviews(actor) and not _treating_on(patient.ward))


def _treating_on(ward: str) -> list[Person]:
    rows = Person.objects.filter(is_active=True, wards__code=ward).order_by("name") if ward else []
    return [one for one in rows if TREATING & set(one.roles)]
