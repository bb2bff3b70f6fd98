"""Clock flows: once a minute, whichever workers live. A minute that all of them slept through is not made up for:
a clock flow asks what is overdue now, never what the time is.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from safelight.outbox.flows import enqueue

_EACH_MINUTE: list[Callable[[str], None]] = []


def each_minute(flow: Callable[[str], None]) -> Callable[[str], None]:
    """Enter a flow that is promised once a minute. Its argument is the minute, as text."""
    _EACH_MINUTE.append(flow)
    return flow


def tick(*, now: datetime) -> None:
    """Promise this minute's clock flows. Several workers may call it: one key, one run."""
    minute = now.strftime("%Y-%m-%dT%H:%M")
    with transaction.atomic():
        for flow in _EACH_MINUTE:
            enqueue(flow, minute, queue="clock", key=f"{flow.__qualname__}:{minute}")
