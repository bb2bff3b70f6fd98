"""Another person shows who they are, in place, without a change of who is signed in: a second signature.

The caller refuses the same person twice, and states in its own facts what was signed.
"""

from django.http import HttpRequest

from safelight.audit.request import StaffRequest
from safelight.kernel import clock
from safelight.staff import factors, passkeys
from safelight.staff.actions.prove_second_person import prove_second_person
from safelight.staff.factors import Said
from safelight.staff.models import Person


def verify(request: StaffRequest, username: str, password: str, code: str) -> Person:
    """The person whose password and code these are. Raises NotThem, or TooManyTries."""
    now = clock.now()
    shown = factors.password_and_code(request, Said(username, password, code), now=now)
    return prove_second_person(by=request.actor, shown=shown, now=now)


def ask_for_passkey(request: HttpRequest) -> passkeys.Options:
    """What the browser is asked: any passkey of this site (a second person's key, plugged in or on their phone)."""
    return passkeys.ask(request)


def verify_passkey(request: StaffRequest, username: str, assertion_json: str) -> Person:
    """The person whose passkey answered what `ask_for_passkey` asked. Raises NotThem, also where the name typed is another's."""
    shown = passkeys.answered(request, assertion_json)
    expected = factors.named(username) if username.strip() else None
    if shown is not None and username.strip() and (expected is None or expected.pk != shown.person):
        shown = None
    return prove_second_person(by=request.actor, shown=shown, now=clock.now())
