"""A week of the rota as its page shows it, in the hospital's own days. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from safelight.staff import rota
from safelight.staff.models import Rank, Shift

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A part of one day: who is on call then. `shift` is None where nobody is."""

    hours: str
    shift: Shift | None
    past: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the rota. `slots` by rank; of the first, the times with nobody are said."""

    on: date
    today: bool
    slots: dict[str, list[Slot]]


def monday_of(on: date) -> date:
    """The Monday of a day's week."""
    return on - on.weekday() * DAY


def midnight(on: date) -> datetime:
    """The beginning of a day, in the hospital's time: a day may have 23 or 25 hours."""
    return timezone.make_aware(datetime.combine(on, time.min))


def week(shifts: Sequence[Shift], monday: date, *, now: datetime) -> list[Day]:
    """Seven days with who is on call."""
    return [_day(shifts, monday + number * DAY, now=now) for number in range(7)]


def when(shift: Shift) -> str:
    """A shift's time in words: "Tue 24 Nov 08:00 to 20:00"."""
    begins, ends = timezone.localtime(shift.begins), timezone.localtime(shift.ends)
    until = f"{ends:%H:%M}" if ends.date() == begins.date() else f"{ends:%a} {ends.day} {ends:%b %H:%M}"
    return f"{begins:%a} {begins.day} {begins:%b %H:%M} to {until}"


def _day(shifts: Sequence[Shift], on: date, *, now: datetime) -> Day:
    begins, ends = midnight(on), midnight(on + DAY)
    here = [one for one in shifts if one.begins < ends and one.ends > begins]
    slots: dict[str, list[Slot]] = {}
    for rank in Rank:
        rows = [(max(one.begins, begins), min(one.ends, ends), one) for one in here if one.rank == rank]
        empty: list[tuple[datetime, datetime, Shift | None]] = []
        if rank is Rank.FIRST:
            empty = [(start, stop, None) for start, stop in rota.gaps(here, begins, ends)]
        ordered = sorted([*rows, *empty], key=lambda row: row[0])
        slots[rank.value] = [Slot(_hours(start, stop, ends), one, past=stop <= now) for start, stop, one in ordered]
    return Day(on, today=timezone.localtime(now).date() == on, slots=slots)


def _hours(begins: datetime, ends: datetime, midnight_after: datetime) -> str:
    start, stop = timezone.localtime(begins), timezone.localtime(ends)
    until = "24:00" if ends == midnight_after else f"{stop:%H:%M}"
    return "all day" if f"{start:%H:%M}" == "00:00" and until == "24:00" else f"{start:%H:%M} to {until}"
