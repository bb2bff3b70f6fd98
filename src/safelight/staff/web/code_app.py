"""A new code app: its secret lies sealed in the web session until the first code has come back, and its square code is never stored."""

from datetime import datetime

import zxingcpp
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.utils import decrypt, encrypt
from django.http import HttpRequest, HttpResponse

from safelight.staff import factors
from safelight.staff.models import Person
from safelight.staff.said import NewFactor

HELD = "new_code_app"


def secret_in(request: HttpRequest) -> str:
    """The new app's secret in this web session, for people who type it; made at the first call."""
    if HELD not in request.session:
        request.session[HELD] = encrypt(generate_totp_secret())
    secret: str = decrypt(request.session[HELD])
    return secret


def drawing(request: HttpRequest, person: Person) -> HttpResponse:
    """The square code as SVG (RFC 6238 secret in Google's key-URI format). The privacy middleware lets nothing store it."""
    address = get_adapter().build_totp_url(person, secret_in(request))
    code = zxingcpp.create_barcode(address, zxingcpp.BarcodeFormat.QRCode)
    return HttpResponse(code.to_svg(add_quiet_zones=True), content_type="image/svg+xml")


def confirmed(request: HttpRequest, code: str, *, now: datetime) -> NewFactor | None:
    """The app, once it shows the code that belongs to its secret; None for another code."""
    held = request.session.get(HELD)
    step = factors.code_step(decrypt(held), code, now=now) if held else None
    if step is None:
        return None
    del request.session[HELD]
    return NewFactor(Authenticator.Type.TOTP, {"secret": held}, step)
