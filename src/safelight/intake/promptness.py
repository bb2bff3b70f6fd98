"""How soon photos are in the record, for those who oversee cameras (D1). Reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median

from django.db.models import Max, Min

from safelight.custody import rules as custody_rules
from safelight.intake.errors import NotForYou
from safelight.intake.lifecycle import Whereabouts
from safelight.intake.models import Sorting
from safelight.kernel.actor import Actor
from safelight.photographs.models import Photograph

NEARLY_ALL = 0.95


@dataclass(frozen=True, slots=True)
class Promptness:
    """From the first photo of a visit to the last of its photos in the record: the median, and within what 95 of 100 visits were.

    `waiting` photos are in the tray still, and in neither figure.
    """

    visits: int
    middle: timedelta | None
    nearly_all: timedelta | None
    waiting: int


def promptness(actor: Actor, *, since: datetime) -> Promptness:
    """How soon the photos that were filed since some moment were there. Raises NotForYou."""
    if not custody_rules.may_oversee(actor):
        raise NotForYou
    rows = Photograph.objects.filter(filed_at__gte=since).order_by().values("visit")
    spans = rows.annotate(first=Min("taken_at"), last=Max("filed_at")).values_list("first", "last")
    took = sorted(max(last - first, timedelta(0)) for first, last in spans)
    return Promptness(
        visits=len(took),
        middle=timedelta(seconds=median(one.total_seconds() for one in took)) if took else None,
        nearly_all=took[ceil(NEARLY_ALL * len(took)) - 1] if took else None,
        waiting=Sorting.objects.filter(state=Whereabouts.TRAY, read_at__gte=since).count(),
    )
