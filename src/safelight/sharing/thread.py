"""One opinion with its words opened and its people named, for who may read it. Slow, for it asks the key service: outside actions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from safelight.kernel.actor import WORKER, Actor, ActorKind
from safelight.photographs.models import Photograph
from safelight.photographs.sites import name_of
from safelight.sharing import queries, sealing
from safelight.sharing.mail import guests
from safelight.sharing.models import Answer, Opinion, ShareItem
from safelight.sharing.rules import Part
from safelight.staff import queries as staff

ELSEWHERE = "A colleague elsewhere"


@dataclass(frozen=True, slots=True, repr=False)
class AnswerShown:
    """An answer in words. `item` and `mark` say where a place is marked, `photo` on which of the photos, counted from 1."""

    id: UUID
    who: str
    at: datetime
    quick: str
    words: str
    item: UUID | None
    mark: tuple[float, float] | None
    photo: int | None


@dataclass(frozen=True, slots=True)
class Opened:
    """Who opened it, and when first and last. `mine` is of the one who looks at this."""

    who: str
    first: datetime
    last: datetime
    times: int


@dataclass(frozen=True, slots=True, repr=False)
class Thread:
    """All of one opinion that its reader may see."""

    opinion: Opinion
    part: Part
    question: str
    asker: str
    asked: str
    phone: str
    on_it: str
    answers: tuple[AnswerShown, ...]
    items: tuple[ShareItem, ...]
    opened: tuple[Opened, ...]
    passed: tuple[tuple[datetime, str], ...]
    beside: tuple[Opinion, ...]

    @property
    def took(self) -> timedelta | None:
        """From the question to the first answer."""
        return self.opinion.answered_at - self.opinion.asked_at if self.opinion.answered_at else None


def read(actor: Actor, opinion: Opinion, part: Part) -> Thread:
    """A thread for somebody to whom `view_opinion` has shown it."""
    answers = list(Answer.objects.filter(opinion=opinion).order_by("at", "pk"))
    openings = list(opinion.openings.filter(item=None).order_by("at", "pk"))
    passings = list(opinion.passings.order_by("at", "pk"))
    people = (
        {opinion.asked_by, opinion.on_it_by} | {one.by for one in answers} | {one.by for one in openings} | {one.by for one in passings}
    )
    names = staff.names_of(actor if actor.kind is not ActorKind.GUEST else WORKER, {one for one in people if one})
    items, asked = queries.items_of(actor, opinion), asked_words(opinion, actor)
    return Thread(
        opinion=opinion,
        part=part,
        question=sealing.open_question(opinion.question, opinion=opinion.pk),
        asker=names[opinion.asked_by],
        asked=asked,
        phone=opinion.team.phone if opinion.team else "",
        on_it=names[opinion.on_it_by] if opinion.on_it_by else "",
        answers=tuple(_answer(row, items, names, elsewhere=asked) for row in answers),
        items=tuple(items),
        opened=_opened([(asked if row.by_guest else names[row.by], row.at) for row in openings]),
        passed=tuple((row.at, names[row.by]) for row in passings),
        beside=tuple(one for one in queries.of_asking(actor, opinion.asking) if one.pk != opinion.pk) if part is Part.ASKER else (),
    )


def asked_words(opinion: Opinion, actor: Actor | None = None) -> str:
    """Who is asked, in words: "Burns on call", "Mr C Lim". Who a colleague elsewhere is, is opened for staff alone, and slow."""
    if opinion.team:
        return opinion.team.name
    if opinion.guest and actor is not None and actor.kind is ActorKind.STAFF:
        named = guests.who(opinion.guest)
        return f"{named.name}, {named.organisation}"
    return opinion.person.name if opinion.person else ELSEWHERE


def place_words(photograph: Photograph) -> str:
    """What a photo shows, never a diagnosis: "Left forearm"."""
    return name_of(photograph.site, photograph.laterality)


def _answer(row: Answer, items: list[ShareItem], names: dict[UUID, str], *, elsewhere: str) -> AnswerShown:
    numbers = {item.pk: number for number, item in enumerate(items, 1)}
    return AnswerShown(
        id=row.pk,
        who=elsewhere if row.by_guest else names[row.by],
        at=row.at,
        quick=row.get_quick_display() if row.quick else "",
        words=sealing.open_answer(row.words, answer=row.pk),
        item=row.item_id,
        mark=(row.x, row.y) if row.x is not None and row.y is not None else None,
        photo=numbers.get(row.item_id) if row.item_id else None,
    )


def _opened(rows: list[tuple[str, datetime]]) -> tuple[Opened, ...]:
    times: dict[str, list[datetime]] = {}
    for who, at in rows:
        times.setdefault(who, []).append(at)
    return tuple(Opened(who, min(when), max(when), len(when)) for who, when in times.items())
