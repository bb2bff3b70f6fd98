"""The web session: it holds a random key and names a sign-in. Its key is new at sign-in, at unlocking and at a fresh proof."""

from uuid import uuid4

from django.contrib.auth import login, logout
from django.http import HttpRequest

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.kernel.actor import Actor, ActorKind
from safelight.staff.actions.sign_in import sign_in
from safelight.staff.models import SignIn
from safelight.staff.shown import Shown
from safelight.staff.web.door import NAMED_IN_SESSION, SignedInRequest

BACKEND = "safelight.staff.adapters.backend.PeopleWhoWorkHere"


def begin(request: StaffRequest, shown: Shown | None) -> SignIn:
    """Sign in with what was shown, in a web session that nobody knew before. Raises NotThem."""
    by = Actor(kind=ActorKind.STAFF, id=shown.person, request=request.actor.request) if shown else request.actor
    made = sign_in(by=by, shown=shown, browser=browser_of(request), now=clock.now(), new_id=uuid4())
    request.session.flush()
    login(request, made.person, backend=BACKEND)
    request.session[NAMED_IN_SESSION] = made.pk.hex
    return made


def owner_of(request: SignedInRequest) -> Actor:
    """The person whose web session this is, also while it is locked and `request.actor` is nobody."""
    return Actor(kind=ActorKind.STAFF, id=request.sign_in.person_id, sign_in=request.sign_in.pk.hex, request=request.actor.request)


def rotate(request: HttpRequest) -> None:
    """A new key for the same web session (ASVS 7.2.4)."""
    request.session.cycle_key()


def end(request: HttpRequest) -> None:
    """Forget the web session."""
    logout(request)


def browser_of(request: HttpRequest) -> str:
    """Which browser on which system, in words for the list of one's own sign-ins."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in _BROWSERS if mark in agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if system else browser


_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
