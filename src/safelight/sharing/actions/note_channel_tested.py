from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing.models.notices import Channel
from safelight.sharing.notice_facts import ChannelTested
from safelight.sharing.notices import looking_after


@action
def note_channel_tested(*, by: Actor, channel_id: UUID, why: str, now: datetime) -> None:
    """Note how a test of a channel ended: `why` is empty where it took it, else the code of what went wrong."""
    channel = looking_after.channel_to_change(by, channel_id)
    Channel.objects.filter(pk=channel_id).update(
        tested_at=now, **({"failed_at": now, "failed": why} if why else {"worked_at": now, "failed": ""})
    )
    state(ChannelTested(channel=channel_id, kind=channel.kind, why=why))
