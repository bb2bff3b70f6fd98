"""The link by which a person joins: its secret stands behind the #, so that it is never sent in an address (ASVS 14.2.1)."""

import secrets

from django.conf import settings
from django.urls import reverse

from safelight.kernel.digest import Digest


def make_secret() -> tuple[str, Digest]:
    """A new secret of 256 bits, and the digest that is kept of it."""
    secret = secrets.token_urlsafe(32)
    return secret, Digest.of(secret.encode())


def link(secret: str) -> str:
    """The whole address that the person opens."""
    return f"{settings.SAFELIGHT_ADDRESS}{reverse('staff:join')}#{secret}"
