"""The guest door: a colleague elsewhere, who has no account, comes by a link and a code to their mailbox.

Rules that hold here:
1. Nothing here leads to a page of staff, a record copy, a patient, or another question.
2. The link's secret stands behind the # and comes by POST only: it is in no address, no log and no Referer.
3. A GET changes nothing and uses nothing up. Whoever is unknown, too late or taken back reads the same as everybody else until
   the mailbox is proven.
4. The browser's cookie is random, made anew when the mailbox is proven, good for one question; its SHA-256 alone is kept.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from uuid import uuid4

from axes.helpers import get_client_ip_address
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import salted_hmac

from safelight.kernel import clock
from safelight.kernel.actor import NOBODY, Actor, ActorKind
from safelight.kernel.digest import Digest
from safelight.sharing.mail import queries
from safelight.sharing.models import Guest, Opinion

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A guest who proved the mailbox in this browser, with the one question that they were asked."""

    guest: Guest
    opinion: Opinion
    actor: Actor


def guest_page(view: View) -> View:
    """A page of this door: no sign-in, and no Referer to another site. "no-referrer" would take the Origin off our own forms too."""

    @wraps(view)
    def run(request: HttpRequest, public_id: str, **where: object) -> HttpResponseBase:
        response = view(request, public_id, **where)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    run.open_to_all = True  # type: ignore[attr-defined]  # the staff door lets it pass
    return run


def proven(view: Callable[..., HttpResponseBase]) -> View:
    """A page for the guest alone; everybody else is sent to where the link is shown."""

    @guest_page
    @wraps(view)
    def run(request: HttpRequest, public_id: str, **where: object) -> HttpResponseBase:
        visitor = visitor_of(request, public_id, now=clock.now())
        if visitor is None:
            return HttpResponseRedirect(reverse("guests:arrive", args=[public_id]))
        return view(request, visitor, **where)

    return run


def visitor_of(request: HttpRequest, public_id: str, *, now: datetime) -> Visitor | None:
    """Who this browser has proved to be, for one question."""
    held = request.COOKIES.get(_cookie(public_id))
    found = queries.guest_of_browser(nobody(request), public_id, Digest.of(held.encode()), now=now) if held else None
    if found is None:
        return None
    guest, opinion, proved_at = found
    return Visitor(guest, opinion, Actor(kind=ActorKind.GUEST, id=guest.pk, aal=1, proved_at=proved_at, request=_number(request)))


def nobody(request: HttpRequest) -> Actor:
    """Whoever asks, before anything is proved."""
    return Actor(kind=NOBODY.kind, id=NOBODY.id, request=_number(request))


def browser(request: HttpRequest, public_id: str) -> Digest | None:
    """The digest of what this browser's cookie holds."""
    held = request.COOKIES.get(_cookie(public_id))
    return Digest.of(held.encode()) if held else None


def network_of(request: HttpRequest) -> Digest:
    """A fingerprint of the network that a request comes from: links are counted by it, and no address is kept."""
    return Digest(salted_hmac("sharing.links", get_client_ip_address(request), algorithm="sha256").hexdigest())


def new_browser() -> tuple[str, Digest]:
    """What a cookie is to hold, and the digest that is kept of it."""
    held = secrets.token_urlsafe(32)
    return held, Digest.of(held.encode())


def set_browser(response: HttpResponse, public_id: str, held: str) -> HttpResponse:
    """Give the browser its cookie (4)."""
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(_cookie(public_id), held, secure=secure, httponly=True, samesite="Strict", path="/")
    return response


def _cookie(public_id: str) -> str:
    return f"__Host-g-{public_id}" if settings.SESSION_COOKIE_SECURE else f"g-{public_id}"


def _number(request: HttpRequest) -> str:
    actor = getattr(request, "actor", None)
    return actor.request if isinstance(actor, Actor) else uuid4().hex
