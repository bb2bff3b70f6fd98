from datetime import datetime, timedelta
from uuid import UUID

from safelight.audit.action import action, state
from safelight.custody import rules
from safelight.custody.errors import NotForYou
from safelight.custody.facts import StationCodeMade
from safelight.custody.models import EnrolmentCode
from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.digest import Digest

GOOD_FOR = timedelta(minutes=10)


@action
def make_enrolment_code(*, by: Actor, code_digest: Digest, now: datetime, new_id: UUID) -> None:
    """Let one station be enrolled within ten minutes. Only the digest of the code is kept."""
    if not (rules.may_register(by) or by.kind is ActorKind.OPERATOR):
        raise NotForYou
    EnrolmentCode.objects.create(id=new_id, code_digest=code_digest, made_by=by.id, made_at=now, until=now + GOOD_FOR)
    state(StationCodeMade(code=new_id))
