"""The rota as it is read: who is on call at a moment, and a week of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Subquery

from safelight.staff.models import Person, Rank, Shift, Team


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call for a team at a moment, by rank; `nobody` where no rank has anybody. `phone` reaches the team all the same.

    `next` takes over from the first at `changes_at`; both None where no later shift of the first is on the rota. `until` is when the
    shift ends of whoever is told first; None where nobody is.
    """

    now: Person | None
    second: Person | None
    consultant: Person | None
    phone: str
    nobody: bool
    next: Person | None = None
    changes_at: datetime | None = None
    until: datetime | None = None

    @property
    def in_turn(self) -> tuple[Person, ...]:
        """Those who are told one after another, each once: first, second, consultant."""
        there = [person for person in (self.now, self.second, self.consultant) if person is not None]
        return tuple({person.pk: person for person in there}.values())


def who_is_on_call(team: Team, *, at: datetime) -> OnCall:
    """Who is on call for a team. Somebody who has left is not, whatever the rota says."""
    return who_are_on_call([team], at=at)[team.pk]


def who_are_on_call(teams: Iterable[Team], *, at: datetime) -> dict[UUID, OnCall]:
    """Who is on call for each of some teams, by as many questions of the database for many teams as for one."""
    every = {team.pk: team for team in teams}
    shifts = Shift.objects.filter(team__in=every, person__is_active=True).select_related("person")
    there: dict[UUID, dict[str, Shift]] = {pk: {} for pk in every}
    for shift in shifts.filter(begins__lte=at, ends__gt=at):
        there[shift.team_id][shift.rank] = shift
    later = shifts.filter(rank=Rank.FIRST, begins__gt=at)
    soonest = later.filter(team=OuterRef("team")).order_by("begins", "pk").values("pk")[:1]
    following = {shift.team_id: shift for shift in later.filter(pk=Subquery(soonest))}
    return {pk: _on_call(team, there[pk], following.get(pk)) for pk, team in every.items()}


def _on_call(team: Team, ranks: dict[str, Shift], later: Shift | None) -> OnCall:
    first, second, consultant = (ranks.get(rank) for rank in (Rank.FIRST, Rank.SECOND, Rank.CONSULTANT))
    told_first = first or second or consultant
    return OnCall(
        now=first.person if first else None,
        second=second.person if second else None,
        consultant=consultant.person if consultant else None,
        phone=team.phone,
        nobody=not ranks,
        next=later.person if later else None,
        changes_at=later.begins if later else None,
        until=told_first.ends if told_first else None,
    )


def shifts_between(team: Team, begins: datetime, ends: datetime) -> list[Shift]:
    """The shifts that touch a time, earliest first."""
    touching = Shift.objects.filter(team=team, begins__lt=ends, ends__gt=begins)
    return list(touching.select_related("person").order_by("begins", "rank"))


def gaps(shifts: Iterable[Shift], begins: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
    """The times in which nobody is the first on call. Pure."""
    holes, reached = [], begins
    for shift in sorted((one for one in shifts if one.rank == Rank.FIRST and one.person.is_active), key=lambda one: one.begins):
        if shift.begins > reached:
            holes.append((reached, min(shift.begins, ends)))
        reached = max(reached, shift.ends)
    if reached < ends:
        holes.append((reached, ends))
    return holes


def meets(team_id: UUID, rank: Rank, begins: datetime, ends: datetime, *, but: Iterable[UUID] = ()) -> bool:
    """Whether a shift of this rank, other than some, touches that time."""
    return Shift.objects.filter(team=team_id, rank=rank, begins__lt=ends, ends__gt=begins).exclude(pk__in=list(but)).exists()
