"""What pages say of where a question stands."""

from datetime import datetime

from safelight.kernel.actor import Actor
from safelight.sharing.models import Opinion
from safelight.sharing.thread import asked_words
from safelight.staff import queries as staff


def went(opinion: Opinion) -> str:
    """A short sign of everything that may change on a page that stands open: when it differs, the page is drawn anew."""
    moments = (opinion.opened_at, opinion.on_it_at, opinion.answered_at, opinion.read_at, opinion.ended_at)
    return opinion.state + "".join("1" if moment else "0" for moment in moments)


def whom(by: Actor, opinion: Opinion, *, now: datetime) -> str:
    """Who gets it, as far as the rota knows: "Mr C Lim, Burns on call"."""
    if opinion.team_id is None:
        return asked_words(opinion)
    first = next(iter(staff.on_call(by, opinion.team_id, at=now).in_turn), None)
    return f"{first.name}, {asked_words(opinion)}" if first else asked_words(opinion)
