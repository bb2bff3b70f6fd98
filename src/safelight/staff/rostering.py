"""What each action on a team and its rota checks first."""

from datetime import datetime
from uuid import UUID

from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.staff import guarding, rota, rules
from safelight.staff.errors import NotYourRota, PhoneNeeded, ShiftMeets, ShiftOver, ShiftTooLong, UnknownPerson
from safelight.staff.facts import TeamChanged
from safelight.staff.models import Person, Shift, Team
from safelight.staff.said import ShiftSaid, TeamSaid


def team_to_change(by: Actor, team_id: UUID) -> Team:
    """The team, locked until the action ends, so that one rota is changed by one person at a time. Raises NotFound or NotYourRota."""
    team = Team.objects.select_for_update().filter(pk=team_id).first()
    if team is None:
        raise NotFound(team_id)
    if not rules.leads(by, team):
        raise NotYourRota(team_id)
    return team


def shift_to_change(by: Actor, shift_id: UUID, *, now: datetime) -> Shift:
    """A shift that is not over, and its team locked. Raises NotFound, NotYourRota or ShiftOver."""
    of_team = Shift.objects.filter(pk=shift_id).values_list("team", flat=True).first()
    if of_team is None:
        raise NotFound(shift_id)
    team_to_change(by, of_team)
    shift = Shift.objects.filter(pk=shift_id).first()
    if shift is None:
        raise NotFound(shift_id)
    if shift.ends <= now:
        raise ShiftOver(shift_id)
    return shift


def require_worker_here(person_id: UUID) -> None:
    """Raises UnknownPerson for somebody who does not work here, or no more."""
    if not Person.objects.filter(pk=person_id, is_active=True).exists():
        raise UnknownPerson


def require_place(team_id: UUID, said: ShiftSaid, *, but: tuple[UUID, ...] = ()) -> None:
    """A shift of sensible length that meets no other of its rank. Raises ShiftTooLong or ShiftMeets."""
    if not said.begins < said.ends <= said.begins + rules.LONGEST_SHIFT:
        raise ShiftTooLong
    if rota.meets(team_id, said.rank, said.begins, said.ends, but=but):
        raise ShiftMeets


def keep_team(team: Team, said: TeamSaid, *, added: bool) -> TeamChanged:
    """Write what was said of a team, and the fact of it. Raises PhoneNeeded, UnknownPerson or UnknownWard."""
    if not said.phone.strip():
        raise PhoneNeeded
    people = list(Person.objects.filter(pk__in=said.people, is_active=True))
    if len(people) != len(said.people):
        raise UnknownPerson
    if said.lead is not None:
        require_worker_here(said.lead)
    team.name, team.phone, team.lead_id = said.name.strip(), said.phone.strip(), said.lead
    team.save()
    team.people.set(people)
    team.wards.set(guarding.wards_of(said.wards))
    return TeamChanged(team=team.pk, added=added, lead=said.lead, people=len(people))
