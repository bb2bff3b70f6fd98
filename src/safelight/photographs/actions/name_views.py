from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.photographs import queries, rules
from safelight.photographs.errors import EvidenceRoute, NoPhotosChosen
from safelight.photographs.facts import ViewNamed
from safelight.photographs.models import Photograph, View


@action
def name_views(*, by: Actor, visit_id: UUID, views: Mapping[UUID, View], now: datetime) -> None:
    """Say which view each of some photos of a visit is.

    1. The actor may see the patient; evidence is for the photographer. There is a photo.
    2. Every photo is of this visit; all or none are changed, and a RAW file follows its JPEG.
    """
    visit = queries.visit(by, visit_id)
    access.require(by, visit.patient_id, now=now)  # (1)
    if not rules.may_handle(by, visit):
        raise EvidenceRoute(visit.pk)
    if not views:
        raise NoPhotosChosen(visit.pk)
    for photograph_id, view in views.items():  # (2)
        for photograph in queries.shot(by, photograph_id):
            if photograph.visit_id != visit.pk:
                raise NotFound(photograph_id)
            Photograph.objects.filter(pk=photograph.pk).update(view=view)
            state(ViewNamed(patient=photograph.patient_id, photograph=photograph.pk, view=view))
