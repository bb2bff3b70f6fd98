from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.photographs import measuring, queries, rules
from safelight.photographs.errors import EvidenceRoute, NotDrawn, ScaleMeanwhile, UnusableRuler
from safelight.photographs.facts import ScaleSet
from safelight.photographs.measuring import Ruler
from safelight.photographs.models import Scale


@action
def set_scale(*, by: Actor, photograph_id: UUID, ruler: Ruler, instead_of: UUID | None, now: datetime, new_id: UUID) -> Scale:
    """Say how long the ruler in a photo is.

    1. The actor may see its patient; evidence is for the photographer.
    2. The photo can be seen; the ruler lies in it and is long enough to measure by.
    3. It takes the place of the scale that the actor saw; where that is not the one that stands, nothing changes.
    """
    photograph = queries.photograph(by, photograph_id)
    access.require(by, photograph.patient_id, now=now)  # (1)
    if not rules.may_handle(by, photograph.visit):
        raise EvidenceRoute(photograph.pk)
    if photograph.preview is None or not photograph.width or not photograph.height:  # (2)
        raise NotDrawn(photograph.pk)
    sized = measuring.SHORTEST <= ruler.millimetres <= measuring.LONGEST and ruler.line.inside()
    if not sized or not measuring.long_enough(ruler, width=photograph.width, height=photograph.height):
        raise UnusableRuler(photograph.pk)
    standing = Scale.objects.filter(photograph=photograph, ended_at=None)  # (3)
    if instead_of is not None and not standing.filter(pk=instead_of).update(ended_by=by.id, ended_at=now):
        raise ScaleMeanwhile(photograph.pk)
    if standing.exists():
        raise ScaleMeanwhile(photograph.pk)
    line = ruler.line
    made = Scale.objects.create(
        id=new_id,
        photograph=photograph,
        x0=line.x0,
        y0=line.y0,
        x1=line.x1,
        y1=line.y1,
        millimetres=ruler.millimetres,
        set_by=by.id,
        set_at=now,
    )
    state(ScaleSet(patient=photograph.patient_id, photograph=photograph.pk, scale=made.pk, instead_of=instead_of))
    return made
