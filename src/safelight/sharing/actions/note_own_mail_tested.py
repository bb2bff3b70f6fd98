from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing.models.notices import Channel, Kind
from safelight.sharing.notice_facts import ChannelTested


@action
def note_own_mail_tested(*, by: Actor, channel_id: UUID, why: str, now: datetime) -> None:
    """Note how a test of the actor's own mail ended. Its address is the register's, so the first test makes the row."""
    worked = {"worked_at": now, "failed": ""} if not why else {"failed_at": now, "failed": why}
    known = Channel.objects.filter(person=by.id, kind=Kind.MAIL, removed_at=None)
    if not known.update(tested_at=now, **worked):
        Channel.objects.create(id=channel_id, person_id=by.id, kind=Kind.MAIL, name="Work mail", added_at=now, tested_at=now, **worked)
    state(ChannelTested(channel=known.get().pk, kind=Kind.MAIL, why=why))
