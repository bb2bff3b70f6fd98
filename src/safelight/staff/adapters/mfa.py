"""How django-allauth's second factors are kept and named here."""

from base64 import b64decode, b64encode
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings

from safelight.staff.models import Person
from safelight.vault import fields

CONTEXT = "staff|second factor"


class SealedFactors(DefaultMFAAdapter):  # type: ignore[misc]  # django-allauth carries no types
    """Secrets are sealed by the vault: neither the database nor the web session holds one that can be read."""

    def encrypt(self, text: str) -> str:
        return b64encode(fields.seal_field(text.encode(), context=CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return fields.open_field(b64decode(encrypted_text), context=CONTEXT).decode()

    def get_totp_label(self, user: Person) -> str:
        return user.username

    def get_totp_issuer(self) -> str:
        return "Safelight"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The name that passkeys are bound to comes from the settings, never from what a client says it asked for."""
        return {"id": urlsplit(settings.SAFELIGHT_ADDRESS).hostname or "", "name": "Safelight"}

    def get_public_key_credential_user_entity(self, user: Person) -> dict[str, object]:
        return {"id": user.pk.hex.encode(), "name": user.username, "display_name": user.name}
