"""A question as it is prepared before it is asked: for whom, in sealed words, looked over for what names the patient."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from safelight.kernel.actor import Actor
from safelight.patients import queries as patients
from safelight.sharing import linter, sealing
from safelight.sharing.linter import Doubt
from safelight.sharing.models import Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """One team, one person or one guest."""

    team: UUID | None = None
    person: UUID | None = None
    guest: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """What is new and random for one opinion: its id, the id in notices, and ids of its items, at least as many as there are photos."""

    opinion: UUID
    public_id: str
    items: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Asking:
    """A question to one or several. `id` was made with the form: who sends the form twice asks once.

    `questions` are the same words sealed once for each of `to`; none where nothing was written. `doubts` are what in the words may
    name the patient, `confirmed` that a person says it does not. `kept` is the kept question that is asked with this.
    """

    id: UUID
    patient: UUID
    photographs: tuple[UUID, ...]
    urgency: Urgency | None
    to: tuple[Recipient, ...]
    fresh: tuple[Fresh, ...]
    questions: tuple[bytes, ...]
    expires_at: datetime
    doubts: frozenset[Doubt]
    confirmed: bool
    kept: UUID | None = None

    def __repr__(self) -> str:
        return f"<Asking {self.id}>"


def prepare(
    actor: Actor,
    *,
    asking: UUID,
    patient: UUID,
    photographs: Iterable[UUID],
    urgency: Urgency | None,
    to: Iterable[Recipient],
    fresh: Iterable[Fresh],
    words: str,
    expires_at: datetime,
    confirmed: bool,
    kept: UUID | None = None,
) -> Asking:
    """A question ready to be asked. Slow, for it opens who the patient is and seals: before the action. Raises NotFound.

    Of the identity nothing is kept but which kinds of it seem to stand in the words.
    """
    recipients = tuple(to)
    chosen = tuple(fresh)[: len(recipients)]
    said = words.strip()
    return Asking(
        id=asking,
        patient=patient,
        photographs=tuple(dict.fromkeys(photographs)),
        urgency=urgency,
        to=recipients,
        fresh=chosen,
        questions=tuple(sealing.seal_question(said, opinion=one.opinion) for one in chosen) if said else (),
        expires_at=expires_at,
        doubts=linter.doubts(said, patients.identity(actor, patient)),
        confirmed=confirmed,
        kept=kept,
    )
