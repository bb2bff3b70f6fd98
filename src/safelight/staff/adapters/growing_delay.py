"""How django-axes counts tries that did not fit: by account and network, with a delay that grows and ends by itself.

Nobody outside can lock an account: the delay holds for the network it was guessed from, and is never over eight minutes.
"""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_failure_limit
from django.conf import settings
from django.db.models import Max, Sum
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

FIRST = timedelta(seconds=30)
LONGEST = timedelta(minutes=8)
NETWORK_V6 = 64


def delay(failures: int, *, limit: int) -> timedelta:
    """How long to wait after the last of so many tries: none below the limit, then 30 s, doubling to eight minutes."""
    return timedelta(0) if failures < limit else min(FIRST * 2 ** min(failures - limit, 10), LONGEST)


class GrowingDelay(AxesDatabaseHandler):  # type: ignore[misc]  # django-axes carries no types
    """The database handler of django-axes, with a delay in place of its lock-out."""

    def waits_until(self, request: HttpRequest, credentials: dict[str, str]) -> datetime | None:
        """Until when the next try of this account from this network has to wait; None where it need not."""
        rows = self.get_user_attempts(request, credentials)[0].aggregate(failures=Sum("failures_since_start"), last=Max("attempt_time"))
        failures, last = rows["failures"] or 0, rows["last"]
        limit: int = get_failure_limit(request, credentials)
        return last + delay(failures, limit=limit) if last is not None and failures >= limit else None

    def is_locked(self, request: HttpRequest, credentials: dict[str, str] | None = None) -> bool:
        until = self.waits_until(request, credentials or {})
        return until is not None and request.axes_attempt_time < until  # type: ignore[attr-defined]  # axes puts it there


def account(request: HttpRequest, credentials: dict[str, str] | None) -> str:
    """A fingerprint of the name that was typed: a password typed into the wrong field is not kept."""
    named = (credentials or {}).get("username") or request.POST.get("username") or ""
    return salted_hmac("staff.tries", named.strip().lower(), algorithm="sha256").hexdigest()


def network(request: HttpRequest) -> str:
    """The client's address, or its /64 network for IPv6. Behind a proxy the last one that the proxy itself has written."""
    address = request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104 - no socket is bound
    if settings.SECURE_PROXY_SSL_HEADER and "HTTP_X_FORWARDED_FOR" in request.META:
        address = request.META["HTTP_X_FORWARDED_FOR"].rpartition(",")[2].strip()
    try:
        read = ip_address(address)
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - says "no address", listens nowhere
    return str(IPv6Address(int(read) >> NETWORK_V6 << NETWORK_V6)) if isinstance(read, IPv6Address) else str(read)


def unchanged(request: HttpRequest, response: HttpResponse, credentials: dict[str, str] | None) -> HttpResponse:  # noqa: ARG001 - the library's signature
    """Our own page has said already that it is too early."""
    return response
