from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.photographs import queries
from safelight.photographs.facts import TimelineSeen
from safelight.photographs.permits import Size, grant
from safelight.photographs.sites import SiteSaid
from safelight.photographs.timeline import Timeline, slug


@action
def view_timeline(
    *,
    by: Actor,
    patient_id: UUID,
    now: datetime,
    new_id: UUID,
    site: SiteSaid | None = None,
    before: UUID | None = None,
    unsaid: bool = False,
) -> Timeline:
    """Show a page of a patient's photos, small; with `unsaid` those of which nobody has said what they show.

    1. The actor may see this patient.
    2. One entry lists every photo that is shown, under the pseudonym that it was filed under.
    3. The permit covers their small pictures, for a minute, in this sign-in.
    """
    patient = patients.patient(by, patient_id)
    access.require(by, patient.pk, now=now)  # (1)
    timeline = queries.page_of(by, patient.pk, site=site, before=before, unsaid=unsaid)
    for pseudonym in {patient.pk} | {shown.patient_id for shown in timeline.photographs}:  # (2)
        shown = timeline.filed_under(pseudonym)
        state(TimelineSeen(patient=pseudonym, site=slug(site) if site else "", photographs=shown))
    every = [photograph.pk for photograph in timeline.photographs]
    if every:
        grant(by=by, patient=patient.pk, photographs=every, size=Size.THUMB, now=now, new_id=new_id)  # (3)
    return timeline
