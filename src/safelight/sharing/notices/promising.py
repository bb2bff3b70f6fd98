"""Promising notices inside an action: who is told, by which channels, each once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings

from safelight.audit.action import state
from safelight.sharing.models.notices import Channel, Kind, Notice, Says, Step
from safelight.sharing.models.opinions import Opinion
from safelight.sharing.notice_facts import NoticesPromised
from safelight.sharing.notices.rules import Whom
from safelight.staff.models import Person, Team
from safelight.staff.rota import who_is_on_call


@dataclass(frozen=True, slots=True)
class Told:
    """Who is told: people, each by all of their channels, and a team by its own. `by_mail_only`: nothing of theirs rings."""

    people: tuple[Person, ...] = ()
    team: Team | None = None
    by_mail_only: bool = False


def those_asked(opinion: Opinion, whom: Whom, *, at: datetime) -> Told:
    """Who is told of a question at a step.

    1. A person who was asked by name is told and told again; there is nobody next.
    2. Of a team: whoever is on call, then the next one, then the consultant, and the team's own channels each time.
    3. Where nobody is on call but the one who asks, everybody who belongs to the team is.
    """
    if opinion.team is None:  # (1)
        here = opinion.person is not None and opinion.person.is_active and whom in {Whom.FIRST, Whom.AGAIN}
        return Told((opinion.person,)) if here and opinion.person is not None else Told()
    there = who_is_on_call(opinion.team, at=at)
    in_turn = [person for person in there.in_turn if person.pk != opinion.asked_by]
    if not in_turn:  # (3)
        people: Sequence[Person] = list(opinion.team.people.filter(is_active=True))
    else:  # (2)
        people = {Whom.NEXT: in_turn[1:2], Whom.CONSULTANT: in_turn[-1:]}.get(whom, in_turn[:1])
    return Told(tuple(person for person in people if person.pk != opinion.asked_by), opinion.team)


def promise(opinion: Opinion, told: Told, says: Says, *, occasion: str, step: Step | None, now: datetime) -> None:
    """Write what is to be told, and state it. What was promised for this occasion before is not promised again."""
    rows = _to_people(told.people, by_mail_only=told.by_mail_only)
    if told.team is not None:
        rows += _to_team(told.team, screen=not told.people)
    notices = [_notice(opinion, row, says, occasion=occasion, step=step, now=now) for row in rows]
    there = set(Notice.objects.filter(pk__in=[one.pk for one in notices]).values_list("pk", flat=True))
    new = [one for one in notices if one.pk not in there]
    if not new:
        return
    Notice.objects.bulk_create(new)
    travel = tuple(one.pk for one in new if one.kind != Kind.SCREEN)
    state(NoticesPromised(opinion=opinion.pk, patient=opinion.patient_id, says=says, notices=travel, screens=len(new) - len(travel)))


@dataclass(frozen=True, slots=True)
class _Row:
    kind: Kind
    person: UUID | None = None
    team: UUID | None = None
    channel: UUID | None = None


def _to_people(people: Iterable[Person], *, by_mail_only: bool) -> list[_Row]:
    known = {person.pk: person for person in people}
    rows = [_Row(Kind.SCREEN, person=person) for person in known]
    rows += [_Row(Kind.MAIL, person=person.pk) for person in known.values() if person.email]
    if by_mail_only:
        return rows
    channels = Channel.objects.filter(person__in=known, removed_at=None).exclude(kind=Kind.MAIL)
    return rows + [_Row(Kind(one.kind), person=one.person_id, channel=one.pk) for one in channels.order_by("pk")]


def _to_team(team: Team, *, screen: bool) -> list[_Row]:
    """The team's own channels; the screens of everybody who belongs to it only where nobody of it is told by name."""
    channels = Channel.objects.filter(team=team, removed_at=None).order_by("pk")
    rows = [_Row(Kind(one.kind), team=team.pk, channel=one.pk) for one in channels]
    return [_Row(Kind.SCREEN, team=team.pk), *rows] if screen else rows


def _notice(opinion: Opinion, row: _Row, says: Says, *, occasion: str, step: Step | None, now: datetime) -> Notice:
    pk = uuid5(opinion.pk, f"{occasion}|{row.kind}|{row.person or row.team}|{row.channel}")
    return Notice(
        id=pk,
        opinion=opinion,
        step=step,
        person_id=row.person,
        team_id=row.team,
        kind=row.kind,
        channel_id=row.channel,
        says=says,
        message_id=f"<{pk}@{settings.SAFELIGHT_ORIGIN.partition('/')[0]}>",
        promised_at=now,
        due_at=max(now, opinion.held_until),
        sent_at=now if row.kind is Kind.SCREEN else None,
    )
