from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing.models.notices import Channel
from safelight.sharing.notice_facts import ChannelRemoved
from safelight.sharing.notices import looking_after


@action
def remove_channel(*, by: Actor, channel_id: UUID, now: datetime) -> None:
    """Take a channel away. Its address and keys are forgotten; that it was there stays."""
    channel = looking_after.channel_to_change(by, channel_id)
    Channel.objects.filter(pk=channel_id).update(removed_at=now, sealed=b"")
    state(ChannelRemoved(channel=channel_id, kind=channel.kind))
