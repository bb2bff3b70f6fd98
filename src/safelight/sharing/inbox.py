"""The boxes of opinions: for me, my team, what I asked, closed. Keyset pages, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.errors import NotFound
from safelight.sharing import queries, rules, sealing, taking_up
from safelight.sharing.lifecycle import OPEN_STATES, ShareState
from safelight.sharing.models import Opening, Opinion
from safelight.sharing.rules import Ended, Part
from safelight.sharing.thread import asked_words
from safelight.staff import queries as staff

PAGE, SEARCHED = 30, 300
# As rules.end_unseen, for the database.
END_UNSEEN = Q(state__in=[ShareState.TAKEN_BACK, ShareState.EXPIRED], answered_at=None, read_at=None) & ~Q(ended_why=Ended.ASKER)
UNREAD = Q(answered_at__isnull=False, read_at=None) | END_UNSEEN


class Box(StrEnum):
    ME = "me"
    TEAM = "team"
    ASKED = "asked"
    CLOSED = "closed"

    @property
    def words(self) -> str:
        return {Box.ME: "For me", Box.TEAM: "My team", Box.ASKED: "I asked", Box.CLOSED: "Closed"}[self]


@dataclass(frozen=True, slots=True, repr=False)
class Line:
    """One question in a box. `question` is empty for who has not opened it: what stands there is no patient's. `left`: whoever asked
    works here no more, and the reader has their part.
    """

    opinion: Opinion
    asker: str
    asked: str
    question: str
    mine: bool
    left: bool
    unread: bool
    copies: int


@dataclass(frozen=True, slots=True)
class Unread:
    """What came of questions and was not confirmed: answers to the actor's own, ends of these, and what people who left had asked."""

    answers: int
    ends: int
    left: int

    @property
    def count(self) -> int:
        return self.answers + self.ends + self.left


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a box, as an entry lists it. `older` is the opinion behind which the next page begins, None at the end."""

    box: Box
    opinions: tuple[Opinion, ...]
    older: UUID | None


def page_of(actor: Actor, box: Box, *, now: datetime, before: UUID | None = None, most: int = PAGE, words: str = "") -> Listed:
    """One page of a box. `words` keeps those in which they may stand: what the actor may read, for that is sealed, and of the rest
    what names match. Raises NotFound.
    """
    rows = _box(actor, box, now=now).order_by("-asked_at", "-pk")
    if words:
        rows = rows.filter(_readable(actor) | _named(actor, words))
    if before is not None:
        last = Opinion.objects.filter(pk=before).values_list("asked_at", "pk").first()
        if last is None:
            raise NotFound(before)
        rows = rows.filter(asked_at__lte=last[0]).filter(Q(asked_at__lt=last[0]) | Q(pk__lt=last[1]))
    found = list(rows.select_related("team", "person", "guest").prefetch_related("items")[: most + 1])
    return Listed(box, tuple(found[:most]), found[most - 1].pk if len(found) > most else None)


def _readable(actor: Actor) -> Q:
    """Questions whose words the actor may read: their own, those they have taken up, and those they opened while these are open."""
    opened = Exists(Opening.objects.filter(opinion=OuterRef("pk"), item=None, by=actor.id))
    return Q(asked_by=actor.id) | Q(pk__in=taking_up.to_take_up(actor)) | (Q(opened) & Q(state__in=OPEN_STATES))


def _named(actor: Actor, words: str) -> Q:
    """Questions whose asker, person or team have all of the words in their names."""
    everybody, all_of_them = staff.people(actor), Q()
    for word in words.casefold().split():
        called = [person.pk for person in everybody if word in person.name.casefold()]
        all_of_them &= Q(asked_by__in=called) | Q(person__in=called) | Q(team__name__icontains=word)
    return all_of_them


def lines(actor: Actor, opinions: tuple[Opinion, ...], *, now: datetime) -> list[Line]:
    """The opinions of a page in words. Slow, for it opens those that the actor may read: after the action that lists them. Whoever is
    asked reads what they opened while it is open, theirs, and agreed to by the patient: as on its own page.
    """
    names = staff.names_of(actor, {one.asked_by for one in opinions})
    seen, teams = queries.opened_by(actor, opinions), queries.teams_now(actor, now=now)
    theirs = {one.pk for one in opinions if one.pk in seen and rules.part(actor, one, teams=teams) is Part.ASKED}
    readable = {one.pk for one in opinions if one.pk in theirs and queries.still_readable(actor, one, now=now)}
    left = set(taking_up.to_take_up(actor)) if any(one.asked_by != actor.id for one in opinions) else set()
    return [_line(actor, one, names[one.asked_by], opened=one.pk in readable, left=one.pk in left) for one in opinions]


def found(shown: list[Line], words: str) -> list[Line]:
    """Those lines in which all of some words stand: in the question where it may be read, or in a name."""
    wanted = words.casefold().split()
    return [line for line in shown if all(word in f"{line.question} {line.asker} {line.asked}".casefold() for word in wanted)]


def counts(actor: Actor, *, now: datetime) -> dict[Box, int]:
    """How many wait in each box: questions that nobody has opened, and answers that I have not confirmed."""
    counted = {box: _box(actor, box, now=now).filter(state=ShareState.OFFERED).count() for box in (Box.ME, Box.TEAM)}
    return counted | {Box.ASKED: unread(actor).count}


def unread(actor: Actor) -> Unread:
    """What stands in the count of "I asked", told apart. Asked every few seconds: one query where nobody has left anything behind."""
    if actor.kind is not ActorKind.STAFF:
        return Unread(0, 0, 0)
    rows = Opinion.objects.filter((Q(asked_by=actor.id) & UNREAD) | taking_up.left_behind(actor))
    found = list(rows.values_list("asked_by", "answered_at", "patient"))
    mine = [answered for asker, answered, _ in found if asker == actor.id]
    answers = sum(answered is not None for answered in mine)
    others = [patient for asker, _, patient in found if asker != actor.id]
    taken_up = taking_up.of(actor, set(others))
    return Unread(answers, len(mine) - answers, sum(patient in taken_up for patient in others))


def _box(actor: Actor, box: Box, *, now: datetime) -> QuerySet[Opinion]:
    """An answer that its asker has not confirmed stays in "I asked", however its share ended; so does an end that they have not seen.
    With them stand those of people who have left, for who has their part.
    """
    if actor.kind is not ActorKind.STAFF:
        return Opinion.objects.none()
    standing = Q(state__in=OPEN_STATES, expires_at__gt=now)
    if box is Box.ASKED:
        return Opinion.objects.filter((Q(asked_by=actor.id) & (UNREAD | standing)) | Q(pk__in=taking_up.to_take_up(actor)))
    me = Q(person=actor.id) & ~Q(asked_by=actor.id)
    if box is Box.ME:
        return Opinion.objects.filter(me & standing, held_until__lte=now)
    team = Q(team__in=queries.teams_now(actor, now=now)) & ~Q(asked_by=actor.id)
    if box is Box.CLOSED:
        opened = Exists(Opening.objects.filter(opinion=OuterRef("pk"), by=actor.id, by_guest=False))
        return Opinion.objects.filter(me | team | Q(asked_by=actor.id) | Q(opened)).exclude(standing).exclude(UNREAD & Q(asked_by=actor.id))
    return Opinion.objects.filter(team & standing, held_until__lte=now)


def _line(actor: Actor, opinion: Opinion, asker: str, *, opened: bool, left: bool) -> Line:
    mine = left or opinion.asked_by == actor.id
    readable = mine or opened
    new_answer = opinion.answered_at is not None and opinion.read_at is None
    unread = new_answer or rules.end_unseen(opinion) if mine else opinion.state == ShareState.OFFERED
    return Line(
        opinion=opinion,
        asker=asker,
        asked=asked_words(opinion, actor if mine else None),
        question=sealing.open_question(opinion.question, opinion=opinion.pk) if readable else "",
        mine=mine,
        left=left,
        unread=unread,
        copies=len(opinion.items.all()),
    )
