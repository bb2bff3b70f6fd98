from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.photographs import queries, rules, visits
from safelight.photographs.errors import AskFirst, EvidenceRoute, MovedInTheMeantime, SamePatient
from safelight.photographs.facts import PhotographMoved, SiteSet, TombstonesSet
from safelight.photographs.models import Photograph, Tombstone
from safelight.photographs.moving import Moving, objects_of
from safelight.vault.models import StoredObject


@action
def correct_patient(*, by: Actor, photograph_id: UUID, moving: Moving, now: datetime) -> UUID:
    """Move a misfiled photo into the right patient's record; returns that patient's id.

    1. The actor may see both patients; evidence is for the photographer.
    2. The right patient agrees to photos. That this was recorded after the photo was taken is the very fault that is mended.
    3. Every object becomes the right patient's, in the order of their ids; who comes second moves nothing. Permits end with it.
    4. Its body site is what the right visit says: the wrong slate said another patient's.
    5. The old record keeps a tombstone. The entry names both patients.
    """
    shot = queries.shot(by, photograph_id)
    visit = queries.visit(by, moving.visit)
    old, new = shot[0].patient_id, patients.patient(by, visit.patient_id).pk
    for patient in (old, new):  # (1)
        access.require(by, patient, now=now)
    if patients.patient(by, old).pk == new:
        raise SamePatient(photograph_id)
    if not all(rules.may_handle(by, one) for one in (shot[0].visit, visit)):
        raise EvidenceRoute(photograph_id)
    if not visits.agreed(by, visit, at=now):  # (2)
        raise AskFirst(new)
    named = {stored.pk for one in shot for stored in objects_of(one)}  # (3)
    if moving.photographs != tuple(one.pk for one in shot) or not rules.all_become(new, named, moving.rewrapped):
        raise MovedInTheMeantime(photograph_id)
    if not all(StoredObject.apply(wrap) for wrap in sorted(moving.rewrapped, key=lambda wrap: wrap.object_id)):
        raise MovedInTheMeantime(photograph_id)
    site, assumed = rules.site_in(visit, shot[0])  # (4)
    Photograph.objects.filter(pk__in=moving.photographs).update(
        patient=new, visit=visit, reason=visit.reason, site=site.site, laterality=site.laterality, site_assumed=assumed
    )
    Tombstone.objects.bulk_create(  # (5)
        Tombstone(id=new_id, photograph=one, was_under_id=old, moved_at=now, moved_by=by.id, reason=moving.why)
        for new_id, one in zip(moving.tombstones, shot, strict=True)
    )
    for one in shot:
        state(PhotographMoved(photograph=one.pk, patient=new, visit=visit.pk, was_under=old, why=moving.why))
        state(SiteSet(patient=new, photograph=one.pk, site=site.site, laterality=site.laterality, view=one.view))
    state(TombstonesSet(patient=old, photographs=moving.photographs))
    return new
