"""People who work here, and their sign-ins, made by the real actions.

`make_person` has a password (PASSWORD) and a code app (secret in SECRET), so that a test can sign in by hand as well:
`code_now(person)` is what the app shows.
"""

from datetime import date, datetime
from uuid import uuid4

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import encrypt
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from safelight.kernel import clock
from safelight.kernel.actor import Actor, ActorKind, Role
from safelight.staff import queries
from safelight.staff.actions.sign_in import sign_in as begin_sign_in
from safelight.staff.factors import PERIOD
from safelight.staff.models import Method, Person, Ward
from safelight.staff.shown import Shown
from safelight.staff.web.door import NAMED_IN_SESSION, actor_for
from safelight.staff.web.sessions import BACKEND
from safelight.vault import upkeep

PASSWORD = "three lamps by the harbour"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
_HASHED: list[str] = []


def make_ward(code: str = "BURNS2", name: str = "") -> Ward:
    """A ward, the same one when asked again."""
    return Ward.objects.get_or_create(code=code, defaults={"id": uuid4(), "name": name or f"Ward {code}"})[0]


def make_person(
    username: str = "khan",
    name: str = "Dr A Khan",
    roles: list[Role] | None = None,
    wards: list[str] | None = None,
    trained_until: date | None = None,
) -> Person:
    """Somebody who has joined: a clinician of BURNS2 unless said otherwise. The same one when asked again."""
    if known := Person.objects.filter(username=username).first():
        return known
    upkeep.make_keys()
    now = clock.now()
    if not _HASHED:
        _HASHED.append(make_password(PASSWORD))
    person = Person.objects.create(
        id=uuid4(),
        username=username,
        name=name,
        email=f"{username}@example.nhs.uk",
        roles=[role.value for role in ([Role.CLINICIAN] if roles is None else roles)],
        trained_until=trained_until,
        password=_HASHED[0],
        invited_at=now,
        joined_at=now,
    )
    person.wards.set([make_ward(code) for code in (["BURNS2"] if wards is None else wards)])
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": encrypt(SECRET)})
    return person


def code_now(*, at: datetime | None = None, later: int = 0) -> str:
    """What the code app shows (`later`: so many steps of 30 s ahead)."""
    return format_hotp_value(hotp_value(SECRET, int((at or clock.now()).timestamp()) // PERIOD + later))


def actor_of(person: Person, *, proved_at: datetime | None = None) -> Actor:
    """The actor of somebody signed in with two factors. Pass `proved_at` for a fresh proof."""
    return Actor(
        kind=ActorKind.STAFF,
        id=person.pk,
        roles=frozenset(Role(role) for role in person.roles),
        wards=frozenset(person.wards.values_list("code", flat=True)),
        sign_in=uuid4().hex,
        aal=2,
        proved_at=proved_at,
        request=uuid4().hex,
    )


def cookie_for(person: Person) -> str:
    """The key of a web session in which this person is fully signed in, for a browser's cookie."""
    by = Actor(kind=ActorKind.STAFF, id=person.pk)
    made = begin_sign_in(by=by, shown=Shown(person.pk, Method.PASSKEY), browser="Chrome on Linux", now=clock.now(), new_id=uuid4())
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = BACKEND
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[NAMED_IN_SESSION] = made.pk.hex
    session.create()
    assert session.session_key
    return session.session_key


def sign_in(client: Client, person: Person) -> Client:
    """The test client, fully signed in as this person, with a fresh proof."""
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie_for(person)
    return client


def actor_in(client: Client) -> Actor:
    """The actor of the signed-in test client, as its next request will have it."""
    session = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    found = Person.objects.get(pk=session[SESSION_KEY]).sign_ins.get(pk=session[NAMED_IN_SESSION])
    wards, _ = queries.lock_after(found.person, site=clock.now() - clock.now())
    return actor_for(found, wards=wards, request=uuid4().hex)
