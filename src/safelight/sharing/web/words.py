"""What pages say of where a question stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from safelight.kernel.actor import Actor
from safelight.sharing import queries
from safelight.sharing.models import Opinion, Posting
from safelight.sharing.thread import asked_words
from safelight.staff import queries as staff


def went(by: Actor, opinion: Opinion) -> str:
    """A short sign of everything that may change on a page that stands open: when it differs, the page is drawn anew."""
    moments = (opinion.opened_at, opinion.on_it_at, opinion.answered_at, opinion.read_at, opinion.ended_at)
    return opinion.state + "".join("1" if moment else "0" for moment in moments) + str(queries.answers_so_far(by, opinion))


def whom(by: Actor, opinion: Opinion, *, now: datetime) -> str:
    """Who gets it, as far as the rota knows: "Mr C Lim, Burns on call"."""
    if opinion.team_id is None:
        return asked_words(opinion, by)
    first = next(iter(staff.on_call(by, opinion.team_id, at=now).in_turn), None)
    return f"{first.name}, {asked_words(opinion)}" if first else asked_words(opinion)


@dataclass(frozen=True, slots=True)
class LettersStand:
    """The letters to a colleague elsewhere: when the last of them left, how many photos are in those that did, what went wrong."""

    sent_at: datetime | None
    photos: int
    wrong: str


def letters_stand(letters: Sequence[Posting]) -> LettersStand:
    """What became of them. Nothing of it says that somebody read one: nobody can see that."""
    left = [one.sent_at for one in letters if one.sent_at and not one.returned_at]
    photos = sum(one.enclosed for one in letters if one.sent_at)
    if any(one.returned_at for one in letters):
        wrong = "A letter came back: the mailbox did not take it. Ring instead."
    elif any(one.refused_at for one in letters):
        wrong = "A letter was refused and did not go out. Ring instead."
    elif any(one.tries and not one.sent_at for one in letters):
        wrong = "A letter has not gone out yet: the mail server does not answer. It is tried again by itself. Ring if it cannot wait."
    else:
        wrong = ""
    return LettersStand(max(left) if left and len(left) == len(letters) else None, photos, wrong)
