"""The one place where the wall clock is read. Below `web/` and `tasks.py` time is an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)
