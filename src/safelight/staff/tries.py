"""Tries that did not fit, counted by django-axes for each account and network."""

from datetime import datetime
from math import ceil

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest

from safelight.staff.errors import TooManyTries


def may_try(request: HttpRequest, username: str, *, now: datetime) -> None:
    """Raises TooManyTries while this account has to wait for this network."""
    named = {"username": username}
    AxesProxyHandler.update_request(request)
    until = AxesProxyHandler.get_implementation().waits_until(request, named)
    if until is not None and now < until:
        raise TooManyTries(ceil((until - now).total_seconds()))


def note_failed(request: HttpRequest, username: str) -> None:
    """Count one that did not fit."""
    user_login_failed.send("safelight.staff", credentials={"username": username}, request=request)


def forget(request: HttpRequest, username: str) -> None:
    """One that fitted: the count of this account and network begins anew."""
    AxesProxyHandler.update_request(request)
    AxesProxyHandler.get_implementation().reset_user_attempts(request, {"username": username})
