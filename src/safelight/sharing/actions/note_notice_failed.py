from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.sharing.models.notices import Channel, Notice
from safelight.sharing.notice_facts import NoticeNotSent
from safelight.sharing.notices import rules


@action
def note_notice_failed(*, by: Actor, notice_id: UUID, tries: int, why: str, for_good: bool, now: datetime) -> None:  # noqa: ARG001 - every action is told who acts
    """Note that a notice did not go out, and when it is tried again.

    1. `tries` is how many had failed before this one: a run that comes second counts nothing twice.
    2. Refused for good, or tried for a day: it is given up, and the asker's page says so with the number to ring.
    """
    notice = Notice.objects.select_related("opinion").filter(pk=notice_id).first()
    if notice is None:
        raise NotFound(notice_id)
    again = None if for_good else rules.next_try(tries + 1, now=now)
    waiting = Notice.objects.filter(pk=notice_id, tries=tries, sent_at=None, given_up_at=None)  # (1)
    given_up = now if again is None else None  # (2)
    if not waiting.update(tries=tries + 1, failed=why, tried_at=now, due_at=again or now, given_up_at=given_up):
        raise NotPossibleNow("notice", notice_id)
    if notice.channel_id is not None:
        Channel.objects.filter(pk=notice.channel_id).update(failed_at=now, failed=why)
    state(
        NoticeNotSent(
            opinion=notice.opinion_id,
            patient=notice.opinion.patient_id,
            notice=notice_id,
            kind=notice.kind,
            why=why,
            tries=tries + 1,
            at=now,
            again_at=again,
        )
    )
