"""Times as a ward says them, in the hospital's own time: 09:41, 22 Nov 09:41, 4 minutes ago."""

from datetime import date, datetime, timedelta

from django.utils import timezone

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LONGEST_SHIFT = 12 * HOUR


def since_today(now: datetime) -> datetime:
    """When "today" began for somebody at work: at midnight, or as long ago as the longest shift, for a night has two dates."""
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return min(midnight, now - LONGEST_SHIFT)


def clock(at: datetime | None) -> str:
    """`09:41` today, `22 Nov 09:41` this year, `22 Nov 2025 09:41` before. Empty where nothing happened yet."""
    if at is None:
        return ""
    here, now = timezone.localtime(at), timezone.localtime()
    if here.date() == now.date():
        return f"{here:%H:%M}"
    year = "" if here.year == now.year else f" {here.year}"
    return f"{here.day} {here:%b}{year} {here:%H:%M}"


def day(on: date | datetime | None) -> str:
    """`22 Nov 2026`. Empty where there is no day."""
    if on is None:
        return ""
    here = timezone.localtime(on) if isinstance(on, datetime) else on
    return f"{here.day} {here:%b} {here.year}"


def short_day(on: date) -> str:
    """`22 Nov` this year, `22 Nov 2025` before: for rows of dates."""
    return f"{on.day} {on:%b}" if on.year == timezone.localdate().year else day(on)


def ago(at: datetime | None) -> str:
    """`just now`, `4 minutes ago`, `3 hours ago`, `2 days ago`; the day itself where it is longer than a fortnight."""
    if at is None:
        return ""
    since = timezone.now() - at
    if since < MINUTE:
        return "just now"
    if since < HOUR:
        return _counted(since // MINUTE, "minute")
    if since < DAY:
        return _counted(since // HOUR, "hour")
    return _counted(since // DAY, "day") if since <= 14 * DAY else day(at)


def _counted(number: int, word: str) -> str:
    return f"{number} {word} ago" if number == 1 else f"{number} {word}s ago"
