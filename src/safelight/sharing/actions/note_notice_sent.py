from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.sharing.models.notices import Channel, Notice
from safelight.sharing.notice_facts import NoticeSent


@action
def note_notice_sent(*, by: Actor, notice_id: UUID, now: datetime) -> None:  # noqa: ARG001 - the worker acts
    """Note that a notice went out, once, and that its channel works."""
    notice = Notice.objects.select_related("opinion").filter(pk=notice_id).first()
    if notice is None:
        raise NotFound(notice_id)
    if not Notice.objects.filter(pk=notice_id, sent_at=None, given_up_at=None).update(sent_at=now, tried_at=now, failed=""):
        raise NotPossibleNow("notice", notice_id)
    if notice.channel_id is not None:
        Channel.objects.filter(pk=notice.channel_id).update(worked_at=now)
    state(NoticeSent(opinion=notice.opinion_id, patient=notice.opinion.patient_id, notice=notice_id, kind=notice.kind))
