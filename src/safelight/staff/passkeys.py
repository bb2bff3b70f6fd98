"""Passkeys (WebAuthn level 2): always with user verification, by django-allauth and fido2.

A challenge lies in the web session, is good for one answer, and is forgotten whether that answer fits or not.
"""

import json
from collections.abc import Mapping

from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from fido2.webauthn import AuthenticationResponse

from safelight.staff.models import Method, Person
from safelight.staff.shown import Shown

LONGEST = 16_384
Options = Mapping[str, object]


def ask(request: HttpRequest, person: Person | None = None) -> Options:  # noqa: ARG001 - allauth finds the request by itself
    """What the browser is asked: any passkey of this site, or one of this person's."""
    options: Options = auth.begin_authentication(person)
    return options


def answered(request: HttpRequest, assertion: str, *, person: Person | None = None) -> Shown | None:
    """Whose passkey answered the challenge; None where it does not fit, or where its device did not verify its user."""
    try:
        said = _object(assertion)
        auth.parse_authentication_response(said)
        whose = person or auth.extract_user_from_response(said)
        factor = auth.complete_authentication(whose, said)
        verified = AuthenticationResponse.from_dict(said).response.authenticator_data.is_user_verified()
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return None
    finally:
        forget(request)
    return Shown(whose.pk, Method.PASSKEY, factor.pk) if verified and whose.is_active else None


def ask_for_new(request: HttpRequest, person: Person) -> Options:  # noqa: ARG001 - the same as of those who sign in
    """What the browser is asked to make: a passkey that finds its person by itself and verifies them."""
    options: Options = auth.begin_registration(person, passwordless=True)
    return options


def made(request: HttpRequest, credential: str) -> dict[str, object] | None:
    """The new passkey as it is kept (it holds no secret); None where it does not fit the challenge or verified nobody."""
    try:
        said = _object(credential)
        auth.parse_registration_response(said)
        verified = auth.complete_registration(said).is_user_verified()
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return None
    finally:
        forget(request)
    return said if verified else None


def forget(request: HttpRequest) -> None:
    """No challenge is open any more."""
    request.session.pop(auth.STATE_SESSION_KEY, None)


def _object(text: str) -> dict[str, object]:
    said = json.loads(text) if len(text) <= LONGEST else None
    if not isinstance(said, dict):
        raise TypeError("a passkey answers with an object")
    return said
