"""A consent as pages show it: in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from safelight.consent import queries, rules
from safelight.consent.lifecycle import ConsentState
from safelight.consent.models import Answer, ChildsView, Consent, How, Purpose, WhoAgreed
from safelight.consent.wordings import ENGLISH_1, Words
from safelight.kernel.actor import Actor
from safelight.staff import queries as staff

SHORT: Final = {
    Purpose.TAKE_AND_KEEP: "record",
    Purpose.ADVICE_HERE: "advice",
    Purpose.ADVICE_ELSEWHERE: "other hospital",
    Purpose.TEACH_HERE: "teaching",
    Purpose.ASK_ABOUT_PUBLICATION: "publication",
}
_HOW: Final = {How.TOLD: "spoken", How.SIGNED: "signed", How.PAPER: "on paper", How.DECIDED: "decided for them"}
MAY_LOOK: Final = {
    Purpose.TAKE_AND_KEEP: "The staff who look after you, now and later.",
    Purpose.ADVICE_HERE: "Doctors and nurses in this hospital whom your team asks for advice.",
    Purpose.ADVICE_ELSEWHERE: "A named doctor or nurse in another hospital. Your name and face are covered.",
    Purpose.TEACH_HERE: "Staff and students who learn in this hospital. Your face is hidden.",
    Purpose.ASK_ABOUT_PUBLICATION: "Nobody outside. We would ask you again first, each time.",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One purpose with its answer. `taken_back` is when a yes ended."""

    purpose: Purpose
    ask: str
    yes: bool
    taken_back: datetime | None

    @property
    def answer(self) -> str:
        return "Taken back" if self.taken_back else "Yes" if self.yes else "No"


@dataclass(frozen=True, slots=True)
class InWords:
    """A consent in words. `text` is its answers in one sentence: "record yes, advice yes, other hospital no"."""

    id: UUID
    asked_at: datetime
    asked_by: str
    who: str
    childs_view: str
    how: str
    text: str
    lines: tuple[Line, ...]
    words: Words
    still_the_same: bool
    state: str
    agreed: frozenset[Purpose]


def in_words(actor: Actor, consent: Consent, *, every: Sequence[Consent] = ()) -> InWords:
    """One consent in the words that were shown then. Given `every` consent of the patient, what stands says no more than what counts:
    where two records became one, something may have been taken back in another of them since.
    """
    words = _words_of(actor, consent)
    answers = {Purpose(answer.purpose): answer for answer in consent.answers.all()}
    elsewhere = rules.taken_back(every, since=consent.asked_at) if consent.state == ConsentState.STANDS else {}
    agreed = rules.agreed(consent, list(answers.values())) - elsewhere.keys()
    return InWords(
        id=consent.pk,
        asked_at=consent.asked_at,
        asked_by=staff.name_of(actor, consent.asked_by),
        who=WhoAgreed(consent.who_agreed).label,
        childs_view=ChildsView(consent.childs_view).label if consent.childs_view else "",
        how=_HOW[How(consent.how)],
        text=", ".join(f"{word} {'yes' if purpose in agreed else 'no'}" for purpose, word in SHORT.items()),
        lines=tuple(_line(purpose, answers[purpose], words, elsewhere.get(purpose)) for purpose in Purpose),
        words=words,
        still_the_same=consent.still_the_same,
        state=consent.state,
        agreed=agreed,
    )


def words_for(actor: Actor, wording: str | None) -> Words:
    """The text that a page asks with: the one it names, else the newest English one."""
    try:
        named = queries.words(actor, UUID(wording)) if wording else None
    except ValueError:
        named = None
    return named or next(iter(queries.newest_words(actor)), ENGLISH_1)


def _words_of(actor: Actor, consent: Consent) -> Words:
    return queries.words(actor, consent.wording_id) or ENGLISH_1


def _line(purpose: Purpose, answer: Answer, words: Words, elsewhere: datetime | None) -> Line:
    return Line(purpose, words.of(purpose).ask, answer.yes, answer.withdrawn_at or (elsewhere if answer.yes else None))
