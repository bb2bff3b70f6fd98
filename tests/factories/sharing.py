"""Opinions, asked and answered through the real actions.

`make_shareable()` is a record with two photos that have covered copies. `ask(shareable, lim)` asks a person, `ask(shareable, team)`
a team; `open_it(opinion, lim)` opens as that person, `answer(opinion, lim)` answers. `one_asked()` does the first two at once.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tests.factories.deidentify import approve, cover, keep, open_desk, ready
from tests.factories.notices import make_webhook
from tests.factories.photographs import Record, make_record
from tests.factories.staff import actor_of, make_person

from safelight.deidentify.actions.reject_copy import reject_copy
from safelight.deidentify.models import Approval
from safelight.kernel import clock
from safelight.kernel.actor import Actor
from safelight.photographs.models import Photograph
from safelight.sharing import answering
from safelight.sharing import asking as prepared
from safelight.sharing.actions.ask_opinion import ask_opinion
from safelight.sharing.actions.give_opinion import give_opinion
from safelight.sharing.actions.open_opinion import open_opinion
from safelight.sharing.asking import Asking, Fresh, Recipient
from safelight.sharing.models import Answer, Channel, Opinion, Quick, Urgency
from safelight.staff.models import Person, Team

WORDS = "Spreading since 06:00, pain out of proportion. Is this necrotising?"


@dataclass(frozen=True)
class Shareable:
    """A record with photos and their approvals: what a question can be about."""

    record: Record
    photographs: list[Photograph]
    approvals: list[Approval]


def make_shareable(
    family: str = "SAMPLE", number: str = "9990000018", *, photos: int = 1, yes: tuple[int, ...] = (1, 2), **how
) -> Shareable:
    """A patient of BURNS2 who agrees that colleagues here see the photos, and so many covered photos."""
    record = make_record(family, number, yes=yes, **how)
    photographs = record.photos(photos)
    return Shareable(record, photographs, [covered(one, record) for one in photographs])


def covered(photograph: Photograph, record: Record) -> Approval:
    """A covered copy that may be shown: decided and signed for, with any picture for its pixels, for that is quick."""
    return approve(record.by, ready(photograph, record.by))[photograph.pk]


def not_to_be_shared(photograph: Photograph, by: Actor) -> None:
    """Somebody covers the photo anew, and says that it is not to be shared."""
    version = keep(open_again(photograph, by), by, cover((0.5, 0.5, 0.2, 0.2)))
    reject_copy(by=by, photograph_id=photograph.pk, version=version, now=clock.now())


def open_again(photograph: Photograph, by: Actor) -> Photograph:
    """The photo on the desk once more."""
    open_desk(photograph, by)
    return photograph


def make_asked(username: str = "lim", name: str = "Mr C Lim", *, rings: bool = True) -> Person:
    """A colleague who looks after other wards; their own pager rings, unless said otherwise."""
    person = make_person(username, name, wards=["PLASTICS"])
    if rings and not Channel.objects.filter(person=person).exists():
        make_webhook(person=person)
    return person


def recipient(to: Person | Team | Recipient) -> Recipient:
    """A person, a team, or what is one already."""
    if isinstance(to, Recipient):
        return to
    return Recipient(team=to.pk) if isinstance(to, Team) else Recipient(person=to.pk)


def an_asking(
    shareable: Shareable,
    *to: Person | Team | Recipient,
    words: str = WORDS,
    urgency: Urgency | None = Urgency.URGENT,
    at: datetime | None = None,
    lasts: timedelta = timedelta(days=7),
    photographs: list[UUID] | None = None,
    **how,
) -> Asking:
    """A question that is ready to be asked. `how` may name asking, confirmed, kept."""
    recipients = [recipient(one) for one in to]
    return prepared.prepare(
        shareable.record.by,
        patient=shareable.record.patient.pk,
        photographs=[one.pk for one in shareable.photographs] if photographs is None else photographs,
        urgency=urgency,
        to=recipients,
        fresh=[Fresh(opinion=uuid4(), public_id=secrets.token_hex(5), items=tuple(uuid4() for _ in range(20))) for _ in recipients],
        words=words,
        expires_at=(at or clock.now()) + lasts,
        **{"asking": uuid4(), "confirmed": False} | how,
    )


def ask(shareable: Shareable, *to: Person | Team | Recipient, at: datetime | None = None, **how) -> Opinion:
    """A question that was asked; the first one where several are. `how` as for `an_asking`."""
    when = at or clock.now()
    return ask_opinion(by=shareable.record.by, asking=an_asking(shareable, *to, at=when, **how), now=when)[0]


def one_asked(*, photos: int = 1, **how) -> tuple[Shareable, Opinion, Person]:
    """A question to Mr C Lim: what it is about, the opinion, and who is asked."""
    shareable, lim = make_shareable(photos=photos), make_asked()
    return shareable, ask(shareable, lim, **how), lim


def open_it(opinion: Opinion, person: Person, *, at: datetime | None = None) -> Opinion:
    """Somebody who is asked opens it."""
    return open_opinion(by=actor_of(person), opinion_id=opinion.pk, now=at or clock.now(), new_id=uuid4())


def answer(
    opinion: Opinion, person: Person, words: str = "", quick: Quick | None = Quick.ON_MY_WAY, *, at: datetime | None = None
) -> Answer:
    """Somebody who is asked answers it."""
    said = answering.say(uuid4(), quick=quick, words=words)
    return give_opinion(by=actor_of(person), opinion_id=opinion.pk, said=said, now=at or clock.now())
