"""Where a question stands, for the page of whoever asked, and the red bar of those for whom something urgent waits."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from safelight.kernel.actor import Actor, ActorKind
from safelight.sharing.lifecycle import ShareState
from safelight.sharing.models.notices import After, Kind, Notice, Says, Step
from safelight.sharing.models.opinions import Opinion, Urgency
from safelight.sharing.notices import promising, rules, words
from safelight.sharing.notices.rules import Whom
from safelight.staff import queries as staff

BY = {Kind.SCREEN: "on the screen", Kind.MAIL: "by mail", Kind.PUSH: "in the browser", Kind.WEBHOOK: "by pager or text"}
TO_ASKER = (Says.NOBODY_OPENED, Says.NOBODY_ANSWERED)
OF_ITS_END = (Says.TAKEN_ON, Says.ANSWERED, Says.EXPIRED, Says.TAKEN_BACK, Says.NOT_DELIVERED)
LINES = 3
IN_BAR = (Says.URGENT, Says.URGENT_AGAIN, *TO_ASKER)


@dataclass(frozen=True, slots=True)
class NoticeSeen:
    """One notice as the asker's page shows it: to whom, by what, and what became of it. `again_at`: when it is tried next."""

    to: str
    by: str
    kind: Kind
    promised_at: datetime
    sent_at: datetime | None
    failed: str
    given_up: bool
    again_at: datetime | None

    @property
    def says(self) -> str:
        """In words: sent, not sent yet, or that it did not go out."""
        if self.sent_at is not None:
            return f"{self.to} was told {self.by}."
        if self.given_up:
            return f"The notice to {self.to} {self.by} did not go out."
        return f"The notice to {self.to} {self.by} has not gone out yet." + (" It is tried again by itself." if self.failed else "")


@dataclass(frozen=True, slots=True)
class Standing:
    """What the urgent clock of a question does now. `opened` says what has not happened yet, `then` who is told next, both in words.

    `ring` is the number to ring: it stands on every page of an urgent question. `unsent` tells that something did not go out.
    """

    opened: str
    then: str
    ring: str
    unsent: bool

    @property
    def says(self) -> str:
        """All of it in one line."""
        return " ".join(part for part in (self.opened, self.then, self.ring) if part)


def notices_of(actor: Actor, opinion_id: UUID) -> list[NoticeSeen]:
    """What was told of a question and what was not, oldest first. The caller has asked whether the actor may see the question."""
    if actor.kind is not ActorKind.STAFF:
        return []
    rows = Notice.objects.filter(opinion=opinion_id).select_related("person", "team").order_by("promised_at", "kind", "pk")
    return [_seen(row) for row in rows if row.says not in {*OF_ITS_END, *TO_ASKER}]


def where_it_stands(actor: Actor, opinion: Opinion, *, now: datetime) -> Standing:
    """Where the urgent clock of a question is. The caller has asked whether the actor may see the question."""
    told = notices_of(actor, opinion.pk)
    unsent = any(one.kind is not Kind.SCREEN and one.sent_at is None and (one.given_up or one.failed) for one in told)
    urgent = opinion.urgency == Urgency.URGENT
    ring = words.ring(opinion.team.name, opinion.team.phone) if opinion.team and (urgent or unsent) else ""
    waits = opinion.on_it_at is None and opinion.state in {ShareState.OFFERED, ShareState.OPENED} and now < opinion.expires_at
    if not waits or not urgent:
        return Standing("", "", ring if waits else "", unsent)
    opened = "Nobody has opened it." if opinion.state == ShareState.OFFERED else "It was opened. Nobody has answered yet."
    return Standing(opened, _then(actor, opinion, now=now), ring, unsent)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the red bar. `of` names the asker and `at` when it was asked; `address` opens it. `mine`: the actor asked it."""

    opinion: UUID
    lead: str
    of: str
    at: datetime
    stands: Standing
    address: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """The red bar: its lines, and how many more questions wait that have no line."""

    lines: tuple[Line, ...] = ()
    more: int = 0

    @property
    def count(self) -> int:
        return len(self.lines) + self.more


def bar(actor: Actor, *, now: datetime) -> Bar:
    """What is urgent for the actor at this moment, the oldest first. Asked every few seconds: two queries where there is nothing, and
    no more for a hundred questions than for a few.
    """
    if actor.kind is not ActorKind.STAFF:
        return Bar()
    teams: list[UUID | None] = [team.pk for team in staff.teams_of(actor, actor.id, at=now)]
    rows = Notice.objects.filter(
        Q(person=actor.id) | Q(team__in=teams),
        kind=Kind.SCREEN,
        says__in=IN_BAR,
        opinion__state__in=[ShareState.OFFERED, ShareState.OPENED],
        opinion__on_it_at=None,
        opinion__expires_at__gt=now,
    ).select_related("opinion__team", "opinion__person", "step")
    newest = {row.opinion_id: row for row in rows.order_by("promised_at") if _still_in_bar(actor, row, teams)}
    waiting = sorted(newest.values(), key=lambda row: row.opinion.asked_at)
    shown = waiting[:LINES]
    names = staff.names_of(actor, {row.opinion.asked_by for row in shown}) if shown else {}
    return Bar(tuple(_line(actor, row, names[row.opinion.asked_by], now=now) for row in shown), len(waiting) - len(shown))


def _still_in_bar(actor: Actor, row: Notice, teams: Collection[UUID | None]) -> bool:
    """Whoever opened it is left in peace until it stayed unanswered for long; what was passed on is no more theirs."""
    opinion = row.opinion
    if opinion.state == ShareState.OPENED and (row.step is None or row.step.after != After.OPENED):
        return False
    return actor.id in {opinion.asked_by, opinion.person_id} or opinion.team_id in teams


def _line(actor: Actor, row: Notice, asker: str, *, now: datetime) -> Line:
    opinion, mine = row.opinion, row.opinion.asked_by == actor.id
    whom = opinion.team.name if opinion.team and row.person_id is None else "you"
    return Line(
        opinion=opinion.pk,
        lead="Your urgent question" if mine else f"Urgent question for {whom}",
        of="" if mine else asker,
        at=opinion.asked_at,
        stands=where_it_stands(actor, opinion, now=now),
        address=f"/o/{opinion.public_id}/",
        mine=mine,
    )


def _then(actor: Actor, opinion: Opinion, *, now: datetime) -> str:
    """Who is told next, and when, in words for the actor, who may be one of them; empty where the clock has no step left."""
    waiting = Step.objects.filter(opinion=opinion, done_at=None, stopped_at=None, due_at__isnull=False).order_by("due_at").first()
    if waiting is None or waiting.due_at is None:
        return ""
    told = promising.those_asked(opinion, rules.whom(waiting.number), at=waiting.due_at)
    to_actor = [person for person in told.people if person.pk == actor.id]
    others = [person.name for person in told.people if person.pk != actor.id]
    names = " and ".join([*("You" for _ in to_actor), *others][:3]) or (told.team.name if told.team else "")
    again = " again" if rules.whom(waiting.number) in {Whom.FIRST, Whom.AGAIN} else ""
    minutes = -int(-(waiting.due_at - now).total_seconds() // 60)
    when = "now" if minutes <= 0 else "in 1 minute" if minutes == 1 else f"in {minutes} minutes"
    if not names:
        return f"{'You are' if opinion.asked_by == actor.id else 'Your colleague is'} told {when} if nobody has by then."
    return f"{names} {'are' if to_actor or len(told.people) > 1 else 'is'} told{again} {when}."


def _seen(row: Notice) -> NoticeSeen:
    return NoticeSeen(
        to=row.person.name if row.person else row.team.name if row.team else "",
        by=BY[Kind(row.kind)],
        kind=Kind(row.kind),
        promised_at=row.promised_at,
        sent_at=row.sent_at,
        failed=row.failed,
        given_up=row.given_up_at is not None,
        again_at=row.due_at if row.failed and row.given_up_at is None else None,
    )
