"""Why the ward took its own photos: the ward camera is for when no medical photographer is to be had (A7)."""

from datetime import datetime, time

from django.conf import settings
from django.utils import timezone

from safelight.kernel.actor import Actor, Role
from safelight.photographs.models import Fallback

FRIDAY = 4


def usual(by: Actor, *, now: datetime) -> Fallback:
    """What is filled in: a photographer needs no reason; nights and weekends are one; in the day the ward has its agreed route."""
    if by.has(Role.PHOTOGRAPHER):
        return Fallback.PHOTOGRAPHER
    return Fallback.OWN_ROUTE if _at_work(timezone.localtime(now)) else Fallback.OUT_OF_HOURS


def _at_work(local: datetime) -> bool:
    begin, end = (time.fromisoformat(clock) for clock in settings.SAFELIGHT_PHOTOGRAPHERS_HOURS)
    return local.weekday() <= FRIDAY and begin <= local.time() < end
