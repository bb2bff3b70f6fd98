from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.photographs import queries, rules
from safelight.photographs.errors import EvidenceRoute, ScaleMeanwhile
from safelight.photographs.facts import ScaleRemoved
from safelight.photographs.models import Scale


@action
def remove_scale(*, by: Actor, photograph_id: UUID, scale_id: UUID, now: datetime) -> None:
    """Take away the scale of a photo: from now on nothing is measured in it.

    1. The actor may see its patient; evidence is for the photographer.
    2. The scale is the one that stands. Its row stays, with who ended it.
    """
    photograph = queries.photograph(by, photograph_id)
    access.require(by, photograph.patient_id, now=now)  # (1)
    if not rules.may_handle(by, photograph.visit):
        raise EvidenceRoute(photograph.pk)
    standing = Scale.objects.filter(pk=scale_id, photograph=photograph, ended_at=None)
    if not standing.update(ended_by=by.id, ended_at=now):  # (2)
        raise ScaleMeanwhile(photograph.pk)
    state(ScaleRemoved(patient=photograph.patient_id, photograph=photograph.pk, scale=scale_id))
