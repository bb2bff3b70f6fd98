"""Who looks after a channel; asked first by each action on one."""

from uuid import UUID

from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.sharing.models.notices import Channel
from safelight.sharing.notice_errors import NotYourChannel
from safelight.staff import queries as staff
from safelight.staff import rules as staff_rules


def owns(actor: Actor, *, person: UUID | None, team: UUID | None) -> bool:
    """Whether the actor looks after a person's or a team's channels."""
    if team is not None:
        return staff_rules.leads(actor, staff.team(actor, team))
    return person == actor.id


def require_owner(actor: Actor, *, person: UUID | None, team: UUID | None) -> None:
    """Raises NotYourChannel."""
    if not owns(actor, person=person, team=team):
        raise NotYourChannel


def channel_to_change(actor: Actor, channel_id: UUID) -> Channel:
    """A channel that the actor looks after. Raises NotFound or NotYourChannel."""
    channel = Channel.objects.select_related("person").filter(pk=channel_id, removed_at=None).first()
    if channel is None:
        raise NotFound(channel_id)
    require_owner(actor, person=channel.person_id, team=channel.team_id)
    return channel
