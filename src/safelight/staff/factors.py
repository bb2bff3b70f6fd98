"""What somebody shows to say who they are: a password, a code from an app. Passkeys are beside this file.

An unknown name, somebody who left and a wrong password cost the same time: one Argon2id.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.contrib.auth.hashers import check_password, is_password_usable, make_password
from django.http import HttpRequest

from safelight.staff import tries
from safelight.staff.models import Method, Person
from safelight.staff.shown import Shown

PERIOD = 30
# RFC 6238 section 5.2: one step for the delay of a person and a phone's clock.
STEPS = (0, -1, 1)


@dataclass(frozen=True, slots=True)
class Said:
    """What a form was given."""

    username: str
    password: str
    code: str = ""


def named(username: str) -> Person | None:
    """The person with this name, if they work here."""
    return Person.objects.filter(username=username.strip().lower(), is_active=True).first()


def password_and_code(request: HttpRequest, said: Said, *, now: datetime) -> Shown | None:
    """What a password and a code together show; None where either does not fit. Raises TooManyTries."""
    tries.may_try(request, said.username, now=now)
    person = named(said.username)
    shown = _code(person, said.code, now=now) if password_fits(person, said.password) and person else None
    _count(request, said.username, fitted=shown is not None)
    return shown


def code_alone(request: HttpRequest, person: Person, code: str, *, now: datetime) -> Shown | None:
    """What a code shows beside an invitation's link: that its owner still has the second factor. Raises TooManyTries."""
    tries.may_try(request, person.username, now=now)
    shown = _code(person, code, now=now)
    _count(request, person.username, fitted=shown is not None)
    return Shown(shown.person, Method.CODE, shown.factor, shown.step) if shown else None


def password_alone(request: HttpRequest, person: Person, password: str, *, now: datetime) -> Shown | None:
    """What a password shows in a sign-in that had two factors: enough to unlock it, for nothing else. Raises TooManyTries."""
    tries.may_try(request, person.username, now=now)
    fits = password_fits(person, password)
    _count(request, person.username, fitted=fits)
    return Shown(person.pk, Method.PASSWORD) if fits else None


def password_fits(person: Person | None, password: str) -> bool:
    """Whether this is the person's password. Nobody's password costs the same time."""
    known = person is not None and is_password_usable(person.password)
    return check_password(password, person.password if person and known else _nobodys()) and known


def code_step(secret: str, code: str, *, now: datetime) -> int | None:
    """The time step whose code this is, out of the present one and its neighbours."""
    present = int(now.timestamp()) // PERIOD
    fitting = [present + by for by in STEPS if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, present + by)))]
    return fitting[0] if fitting else None


def _code(person: Person, code: str, *, now: datetime) -> Shown | None:
    app = Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).first()
    step = code_step(decrypt(app.data["secret"]), code, now=now) if app else None
    return Shown(person.pk, Method.PASSWORD_AND_CODE, app.pk, step) if app and step is not None else None


def _count(request: HttpRequest, username: str, *, fitted: bool) -> None:
    if fitted:
        tries.forget(request, username)
    else:
        tries.note_failed(request, username)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return make_password("the password of nobody")
