from datetime import datetime
from uuid import UUID

from django.db.models import F

from safelight.audit.action import action, state
from safelight.custody.errors import CodeNotGood
from safelight.custody.facts import StationEnrolled
from safelight.custody.models import EnrolmentCode, Station
from safelight.kernel.actor import Actor
from safelight.kernel.digest import Digest


@action
def enrol_station(  # the one who enrols is nobody yet: the code is the proof
    *,
    by: Actor,  # noqa: ARG001 - for the entry
    code_digest: Digest,
    name: str,
    credential_digest: Digest,
    now: datetime,
    new_id: UUID,
) -> None:
    """Enrol a station by a one-time code.

    1. The code is known, unused and not over: one conditional update takes it, so that two stations cannot share it.
    2. Only the digest of the credential is kept.
    """
    good = EnrolmentCode.objects.filter(code_digest=code_digest, used_at=None, until__gt=now)
    code = good.first()
    if code is None or not good.update(used_at=now, tries=F("tries") + 1):  # (1)
        raise CodeNotGood
    Station.objects.create(id=new_id, name=name[:80], credential_digest=credential_digest, enrolled_at=now, enrolled_by=code.made_by)  # (2)
    state(StationEnrolled(station=new_id, code=code.pk))
