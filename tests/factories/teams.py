"""Teams and who is on call, made by the real actions.

`make_team(people=(khan, lim))` puts the first of them on call first, the second next and the third as the consultant, from an
hour ago (of the clock that the test sees) until tomorrow. Nobody is on call where nobody is named.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from tests.factories.staff import actor_of, make_person

from safelight.kernel import clock
from safelight.kernel.actor import Actor, Role
from safelight.staff.actions.add_shift import add_shift
from safelight.staff.actions.add_team import add_team
from safelight.staff.models import Person, Rank, Shift, Team
from safelight.staff.said import ShiftSaid, TeamSaid


def administrator() -> Actor:
    """An administrator, freshly proved."""
    return actor_of(make_person("teamboss", "Ms T Boss", roles=[Role.ADMINISTRATOR], wards=[]), proved_at=clock.now())


def make_team(
    name: str = "Burns on call", phone: str = "4321", people: Sequence[Person] = (), lead: Person | None = None, at: datetime | None = None
) -> Team:
    """A team to which these people belong and for which they are on call, in the order of ranks."""
    team, now = uuid4(), at or clock.now()
    members = frozenset(person.pk for person in people)
    said = TeamSaid(name=name, phone=phone, lead=lead.pk if lead else None, people=members)
    add_team(by=administrator(), said=said, now=clock.now(), new_id=team)
    made = Team.objects.get(pk=team)
    for rank, person in zip(Rank, people, strict=False):
        make_shift(made, person, rank, begins=now - timedelta(hours=1), ends=now + timedelta(hours=23))
    return made


def make_shift(team: Team, person: Person, rank: Rank = Rank.FIRST, *, begins: datetime, ends: datetime) -> Shift:
    """Somebody on call for a team."""
    said, new_id = ShiftSaid(person=person.pk, rank=rank, begins=begins, ends=ends), uuid4()
    add_shift(by=administrator(), team_id=team.pk, said=said, now=min(begins, clock.now()), new_id=new_id)
    return Shift.objects.get(pk=new_id)
