from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.sharing.models.notices import Channel, Kind
from safelight.sharing.notice_errors import ChannelThere
from safelight.sharing.notice_facts import ChannelAdded
from safelight.sharing.notices import looking_after


@action
def add_channel(
    *, by: Actor, channel_id: UUID, kind: Kind, name: str, sealed: bytes, person: UUID | None, team: UUID | None, now: datetime
) -> None:
    """Set up a way to tell a person or a team. Nothing urgent counts on it before a test has gone through.

    1. A person sets up their own; a team's lead or an administrator the team's.
    2. Its address was checked against the site's list and sealed before.
    """
    looking_after.require_owner(by, person=person, team=team)  # (1)
    own_mail = Channel.objects.filter(person=person, kind=Kind.MAIL, removed_at=None)
    if Channel.objects.filter(pk=channel_id).exists() or (person and kind is Kind.MAIL and own_mail.exists()):
        raise ChannelThere
    Channel.objects.create(id=channel_id, kind=kind, name=name, sealed=sealed, person_id=person, team_id=team, added_at=now)  # (2)
    state(ChannelAdded(channel=channel_id, kind=kind, person=person, team=team))
