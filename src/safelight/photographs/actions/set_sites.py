from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.patients import queries as patients
from safelight.photographs import queries
from safelight.photographs.actions.set_site import set_site
from safelight.photographs.errors import NoPhotosChosen
from safelight.photographs.models import View
from safelight.photographs.sites import SiteSaid


@action
def set_sites(*, by: Actor, patient_id: UUID, photograph_ids: Collection[UUID], site: SiteSaid, now: datetime) -> None:
    """Say which body site some photos of a patient show.

    1. The actor may see the patient, and there is a photo.
    2. Every photo is this patient's; each is as if it were said of it alone, and all or none are changed.
    """
    access.require(by, patient_id, now=now)  # (1)
    if not photograph_ids:
        raise NoPhotosChosen(patient_id)
    same = patients.same_patient(by, patient_id)
    for photograph_id in photograph_ids:  # (2)
        photograph = queries.photograph(by, photograph_id)
        if photograph.patient_id not in same:
            raise NotFound(photograph_id)
        set_site(by=by, photograph_id=photograph_id, site=site, view=View(photograph.view), now=now)
