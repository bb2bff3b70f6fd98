"""The staff door: every address needs a full, unlocked sign-in, except those that say otherwise.

Rules that hold here:
1. A sign-in is looked up anew for each request: what was ended, locked or taken away elsewhere counts at once.
2. A view is open to all only where it says so with `@open_to_all`; it then sees `request.actor` as nobody while locked.
3. Polls do not count as activity: an htmx GET, and a page that loads itself anew. The browser tells of keys and pointers
   by `staff:here`.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar
from urllib.parse import urlencode
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.actor import NOBODY, Actor, ActorKind, Role
from safelight.staff import queries
from safelight.staff.actions.end_sign_in import end_sign_in
from safelight.staff.actions.lock import lock
from safelight.staff.models import Person, SignIn
from safelight.staff.rules import Standing, standing
from safelight.staff.web.back import path_only

P = ParamSpec("P")
R = TypeVar("R")
View = Callable[..., HttpResponseBase]
NAMED_IN_SESSION = "sign_in"
NOT_OURS = ("/station/", "/static/")
# A row is written for every eighth of the time after which the screen locks, not for every request.
NOTED_PER_LOCK = 8
log = structlog.get_logger()


class SignedInRequest(StaffRequest):
    """A request of somebody signed in. `sign_in` is there on open pages too while it is locked; `lock_seconds` is this person's."""

    sign_in: SignIn
    lock_seconds: int


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that nobody needs to sign in for: the sign-in itself, the lock page, an invitation."""
    view.open_to_all = True  # type: ignore[attr-defined]  # Django's request takes what it is given
    return view


def fresh_proof(minutes: int = 5) -> Callable[[View], View]:
    """A view that asks for a factor shown within the last minutes; else the person shows one first, at `/prove/`."""

    def make(view: View) -> View:
        @wraps(view)
        def run(request: StaffRequest, *args: object, **where: object) -> HttpResponseBase:
            if request.actor.proved_within(timedelta(minutes=minutes), now=clock.now()):
                return view(request, *args, **where)
            return send_to("staff:prove", request)

        return run

    return make


def send_to(name: str, request: HttpRequest) -> HttpResponse:
    """Send to a page that leads back here afterwards. An htmx part is never replaced by it: the whole page goes (401)."""
    back = request.get_full_path() if request.method in {"GET", "HEAD"} and not _is_htmx(request) else _page_of(request)
    address = f"{reverse(name)}?{urlencode({'next': back})}"
    if _is_htmx(request):
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


class Door:
    """Says who asks, and shuts the door by default."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path.startswith(NOT_OURS):
            _recognise(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: View, args: tuple[object, ...], where: dict[str, object]) -> HttpResponseBase | None:  # noqa: ARG002 - Django's signature
        if request.path.startswith(NOT_OURS) or getattr(view, "open_to_all", False):
            return None
        if request.actor.kind is ActorKind.STAFF:  # type: ignore[attr-defined]  # Django's request takes what it is given
            return None
        return send_to("staff:lock" if request.sign_in else "staff:sign_in", request)  # type: ignore[attr-defined]  # Django's request takes what it is given


def _recognise(request: HttpRequest) -> None:
    now, number = clock.now(), uuid4().hex
    request.actor = Actor(kind=NOBODY.kind, id=NOBODY.id, request=number)  # type: ignore[attr-defined]  # Django's request takes what it is given
    request.sign_in = None  # type: ignore[attr-defined]  # Django's request takes what it is given
    found = _named_in(request)
    if found is None:
        request.user = AnonymousUser()
        return
    site = timedelta(seconds=settings.SAFELIGHT_LOCK_SECONDS)
    wards, lock_after = queries.lock_after(found.person, site=site)
    actor = actor_for(found, wards=wards, request=number)
    match standing(found, lock_after=lock_after, now=now):
        case Standing.OPEN:
            request.actor, request.sign_in = actor, found  # type: ignore[attr-defined]  # Django's request takes what it is given
            request.lock_seconds = int(lock_after.total_seconds())  # type: ignore[attr-defined]  # Django's request takes what it is given
            if _is_activity(request) and now - found.seen_at >= lock_after / NOTED_PER_LOCK:
                SignIn.objects.note_seen(found.pk, at=now)
            return
        case Standing.LOCKED:
            if found.locked_at is None:
                lock(by=actor, sign_in_id=found.pk, idle=True, now=now)
            request.sign_in = found  # type: ignore[attr-defined]  # Django's request takes what it is given
        case Standing.IDLE_TOO_LONG | Standing.OVER as why:
            end_sign_in(by=actor, sign_in_id=found.pk, why=why, now=now)
            request.session.flush()
        case Standing.ENDED:
            request.session.flush()
    request.user = AnonymousUser()


def actor_for(found: SignIn, *, wards: frozenset[str], request: str) -> Actor:
    """The actor that a sign-in stands for."""
    return Actor(
        kind=ActorKind.STAFF,
        id=found.person_id,
        roles=frozenset(Role(role) for role in found.person.roles),
        wards=wards,
        sign_in=found.pk.hex,
        aal=2,
        proved_at=found.proved_at,
        request=request,
    )


def _named_in(request: HttpRequest) -> SignIn | None:
    """The sign-in that the web session names, where its signed-in person is the same (Django checks the password's hash)."""
    named = request.session.get(NAMED_IN_SESSION)
    person = request.user
    if named is None or not isinstance(person, Person):
        return None
    found = SignIn.objects.filter(pk=UUID(named), person=person.pk).first()
    if found is not None:
        found.person = person
    return found


def _is_htmx(request: HttpRequest) -> bool:
    return "HX-Request" in request.headers


def _is_activity(request: HttpRequest) -> bool:
    """Whether a hand was on this request. A page that loads itself anew navigates without Sec-Fetch-User."""
    if request.method != "GET":
        return True
    by_itself = request.headers.get("Sec-Fetch-Mode") == "navigate" and "Sec-Fetch-User" not in request.headers
    return not (_is_htmx(request) or by_itself)


def _page_of(request: HttpRequest) -> str:
    """The page that a form or a part stands on, as a path of ours; home where the browser does not say."""
    return path_only(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""), host=request.get_host())
