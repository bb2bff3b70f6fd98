"""What an actor may know of channels and of the steps that are due. Where a question stands: `standing.py`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from safelight.kernel.actor import Actor, ActorKind
from safelight.sharing.models.notices import Channel, Notice, Says, Step
from safelight.sharing.notices import looking_after, rules, words
from safelight.staff import queries as staff
from safelight.staff.models import Person
from safelight.staff.rota import who_is_on_call


@dataclass(frozen=True, slots=True)
class UrgentPossible:
    """Whether a team can be asked urgently; if not, `says` why and whom to ring."""

    possible: bool
    says: str = ""

    def __bool__(self) -> bool:
        return self.possible


def urgent_possible(actor: Actor, team_id: UUID, *, now: datetime, asker: UUID | None = None) -> UrgentPossible:
    """Whether something that rings reaches a team: a channel of its own, or of one on call now, that works. What rings for nobody but
    the one who asks does not count. Raises NotFound.
    """
    team = staff.team(actor, team_id)
    people = [person.pk for person in who_is_on_call(team, at=now).in_turn if person.pk != asker]
    channels = Channel.objects.filter(Q(team=team) | Q(person__in=people), removed_at=None, kind__in=rules.URGENT_KINDS)
    if rules.any_urgent(list(channels), now=now, good_for=settings.SAFELIGHT_CHANNEL_GOOD_FOR):
        return UrgentPossible(possible=True)
    return UrgentPossible(possible=False, says=words.no_urgent_notice(team.name, team.phone))


def urgent_possible_by_name(actor: Actor, person: Person, *, now: datetime) -> UrgentPossible:
    """Whether something that rings reaches a person who is asked by name: a channel of their own that works."""
    channels = Channel.objects.filter(person=person, removed_at=None, kind__in=rules.URGENT_KINDS)
    if rules.any_urgent(list(channels), now=now, good_for=settings.SAFELIGHT_CHANNEL_GOOD_FOR):
        return UrgentPossible(possible=True)
    belongs_to = [team for team in staff.teams(actor) if team.people.filter(pk=person.pk).exists()]
    return UrgentPossible(possible=False, says=words.nothing_rings(person.name, [(team.name, team.phone) for team in belongs_to]))


def urgent_teams(actor: Actor, *, now: datetime) -> dict[UUID, UrgentPossible]:
    """Of each team whether it can be asked urgently."""
    return {team.pk: urgent_possible(actor, team.pk, now=now) for team in staff.teams(actor)}


def channels_of(actor: Actor, *, person: UUID | None = None, team: UUID | None = None) -> list[Channel]:
    """The channels of the actor, or of a team that they lead, oldest first; nothing of anybody else's."""
    if not looking_after.owns(actor, person=person, team=team):
        return []
    rows = Channel.objects.filter(person=person, team=team, removed_at=None).select_related("person", "team")
    return list(rows.order_by("added_at", "pk"))


def team_channels(actor: Actor, team_id: UUID) -> list[Channel]:
    """What a team has set up, to be shown on its rota: names and when each last worked. Addresses stay sealed."""
    if actor.kind is not ActorKind.STAFF:
        return []
    return list(Channel.objects.filter(team=team_id, removed_at=None).order_by("added_at", "pk"))


def channel(actor: Actor, channel_id: UUID) -> Channel:
    """One channel that the actor looks after. Raises NotFound or NotYourChannel."""
    return looking_after.channel_to_change(actor, channel_id)


def steps_due(actor: Actor, *, now: datetime) -> list[UUID]:
    """Steps of urgent clocks that are due, earliest first. The worker asks."""
    if actor.kind is not ActorKind.WORKER:
        return []
    due = Step.objects.filter(done_at=None, stopped_at=None, due_at__lte=now)
    return list(due.order_by("due_at", "pk").values_list("pk", flat=True))


def notices_late(actor: Actor, *, now: datetime) -> list[Notice]:
    """Notices that should have left minutes ago, within the last day, and still tell something. The worker asks."""
    if actor.kind is not ActorKind.WORKER:
        return []
    overdue = Notice.objects.filter(sent_at=None, given_up_at=None, due_at__gt=now - rules.LATE_FOR, due_at__lte=now - rules.LATE_AFTER)
    rows = overdue.select_related("opinion").order_by("due_at")
    return [row for row in rows if rules.still_to_tell(row.opinion, Says(row.says), now=now)]
