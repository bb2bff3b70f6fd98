"""The urgent clock and what counts as an urgent notice. Pure.

1. A question is told at once, again after 3 minutes that nobody opened it, to the next person after 6, to the consultant after 10.
2. Opened and not answered for 10 minutes: the same again. A step counts from the one before it; the rules are those of the sending.
3. Somebody on it, an answer, its end: the clock stops.
4. An urgent notice makes a device ring: a push to a browser, a pager, a text message. Mail and the screen do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from safelight.sharing.lifecycle import ShareState
from safelight.sharing.models.notices import After, Channel, Kind, Says
from safelight.sharing.models.opinions import Opinion, Urgency

URGENT_KINDS = (Kind.PUSH, Kind.WEBHOOK)
SOON_TRIES, MOST_TRIES = 8, 100
LATER = timedelta(minutes=15)
LATE_AFTER, LATE_FOR = timedelta(minutes=5), timedelta(days=1)
STEPS = 4


class Whom(StrEnum):
    """Who is told at a step, by its number."""

    FIRST = "first"
    AGAIN = "again"
    NEXT = "next"
    CONSULTANT = "consultant"


@dataclass(frozen=True, slots=True)
class ClockRules:
    """Minutes after the sending at which the four steps are due, and for how long an opened question may stay unanswered."""

    minutes: tuple[float, ...] = (0, 3, 6, 10)
    unanswered: float = 10

    def waits(self, after: After) -> tuple[int, ...]:
        """Seconds that each step waits for the one before it, and the first for what it counts from."""
        first = self.minutes[0] if after is After.ASKED else self.minutes[0] + self.unanswered
        return (round(first * 60), *(round((later - earlier) * 60) for earlier, later in zip(self.minutes, self.minutes[1:], strict=False)))


def whom(number: int) -> Whom:
    """Who is told at a step."""
    return tuple(Whom)[number]


def says(number: int, after: After) -> Says:
    """What is said to those who are told at a step."""
    new_to_it = (number == 0 and after is After.ASKED) or whom(number) in {Whom.NEXT, Whom.CONSULTANT}
    return Says.URGENT if new_to_it else Says.URGENT_AGAIN


def asker_hears(number: int, after: After) -> Says | None:
    """What the asker is told at a step: when it goes to the next person, and to the consultant."""
    if whom(number) not in {Whom.NEXT, Whom.CONSULTANT}:
        return None
    return Says.NOBODY_OPENED if after is After.ASKED else Says.NOBODY_ANSWERED


def clock_runs(opinion: Opinion, after: After, *, now: datetime) -> bool:
    """Whether steps that count from the asking, or from the opening, are still to be taken."""
    state = ShareState.OFFERED if after is After.ASKED else ShareState.OPENED
    return opinion.urgency == Urgency.URGENT and opinion.state == state and opinion.on_it_at is None and now < opinion.expires_at


def still_to_tell(opinion: Opinion, says: Says, *, now: datetime) -> bool:
    """Whether a notice still tells something: to those asked while it waits for an answer, to the asker while it has not ended. That it
    ended without the asker, or was answered before it did, is told whatever came after.
    """
    if says in {Says.ANSWERED, Says.EXPIRED, Says.TAKEN_BACK}:
        return True
    if opinion.state in {ShareState.TAKEN_BACK, ShareState.EXPIRED}:
        return False
    if says in {Says.TAKEN_ON, Says.NOT_DELIVERED}:
        return True
    if says is Says.NOBODY_OPENED and opinion.state != ShareState.OFFERED:
        return False
    return opinion.state in {ShareState.OFFERED, ShareState.OPENED} and opinion.on_it_at is None and now < opinion.expires_at


def next_try(tries: int, *, now: datetime) -> datetime | None:
    """When to try again after so many failures: 2, 4 ... 128 seconds, then each quarter of an hour for a day; None: no more."""
    if tries >= MOST_TRIES:
        return None
    return now + (timedelta(seconds=2**tries) if tries < SOON_TRIES else LATER)


def works(channel: Channel, *, now: datetime, good_for: timedelta) -> bool:
    """Whether a channel took what it was last given, and not too long ago."""
    if channel.removed_at is not None or channel.worked_at is None or now - channel.worked_at > good_for:
        return False
    return channel.failed_at is None or channel.failed_at < channel.worked_at


def any_urgent(channels: Sequence[Channel], *, now: datetime, good_for: timedelta) -> bool:
    """Whether one of some channels makes a device ring and works."""
    return any(channel.kind in URGENT_KINDS and works(channel, now=now, good_for=good_for) for channel in channels)
