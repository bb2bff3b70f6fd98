from datetime import datetime
from uuid import UUID

from django.db.models import Q

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.photographs import queries, rules
from safelight.photographs.errors import EvidenceRoute, UnknownSite
from safelight.photographs.facts import SiteSet
from safelight.photographs.models import Photograph, View
from safelight.photographs.sites import SiteSaid, whole


@action
def set_site(*, by: Actor, photograph_id: UUID, site: SiteSaid, view: View, now: datetime) -> None:
    """Correct what a photo shows: body site, side and view.

    1. The actor may see its patient; evidence is for the photographer.
    2. The site is of the list.
    3. A RAW file follows its JPEG. From now on nothing about it is assumed.
    """
    photograph = queries.photograph(by, photograph_id)
    access.require(by, photograph.patient_id, now=now)  # (1)
    if not rules.may_handle(by, photograph.visit):
        raise EvidenceRoute(photograph.pk)
    if not whole(site):  # (2)
        raise UnknownSite(photograph.pk)
    same_shot = Photograph.objects.filter(Q(pk=photograph.pk) | Q(raw_of=photograph.pk))
    same_shot.update(site=site.site, laterality=site.laterality, view=view, site_assumed=False)  # (3)
    state(SiteSet(patient=photograph.patient_id, photograph=photograph.pk, site=site.site, laterality=site.laterality, view=view))
