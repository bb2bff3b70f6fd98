"""Settings of a hospital: everything from the environment, nothing guessed."""

from safelight.config import environment
from safelight.config.settings.base import *
from safelight.config.settings.places import places

_environment = environment.read()
_places = places(
    data=_environment.data.absolute(),
    keys=_environment.keys.absolute(),
    database=_environment.database,
    witness=_environment.witness,
)
SAFELIGHT_DATA = _places["SAFELIGHT_DATA"]
SAFELIGHT_OBJECT_STORE = _environment.object_store() or _places["SAFELIGHT_OBJECT_STORE"]
SAFELIGHT_KEY_SERVICE = _environment.key_service() or _places["SAFELIGHT_KEY_SERVICE"]
SAFELIGHT_LEDGER_KEY = _places["SAFELIGHT_LEDGER_KEY"]
SAFELIGHT_RECEIPT_KEY = _places["SAFELIGHT_RECEIPT_KEY"]
SAFELIGHT_PUSH_KEY = _places["SAFELIGHT_PUSH_KEY"]
SAFELIGHT_WITNESSES = _places["SAFELIGHT_WITNESSES"]
DATABASES = _places["DATABASES"]

SECRET_KEY = _environment.secret_key.get_secret_value()
ALLOWED_HOSTS = [_environment.address.host or ""]
CSRF_TRUSTED_ORIGINS = [str(_environment.address).rstrip("/")]
SAFELIGHT_SITE = _environment.site
SAFELIGHT_ORIGIN = f"{_environment.address.host}/{_environment.site}"
SAFELIGHT_ADDRESS = str(_environment.address).rstrip("/")
SAFELIGHT_ORGANISATION = _environment.organisation
SAFELIGHT_GSRN_PREFIX = _environment.gsrn_prefix
SAFELIGHT_TWO_SIGNATURES = _environment.two_signatures
SAFELIGHT_PHOTOGRAPHERS_HOURS = tuple(_environment.photographers_hours.split("-"))
SAFELIGHT_EMERGENCY_LANE = _environment.emergency_lane
SAFELIGHT_URGENT_CHECKLIST = _environment.urgent_checklist
SAFELIGHT_LOCK_SECONDS = _environment.ward_pc_lock_seconds
SAFELIGHT_URGENT_CLOCK = _environment.urgent_steps
SAFELIGHT_UNANSWERED_AFTER = _environment.unanswered_minutes
SAFELIGHT_WEBHOOK_HOSTS = _environment.listed_hosts
SAFELIGHT_PUSH_CONTACT = _environment.push_contact
SAFELIGHT_COURIER = _environment.courier(name=_environment.organisation)
SAFELIGHT_SECURE_TRIGGER = _environment.mail_secure_trigger
SAFELIGHT_MAILBOX = _environment.mailbox()
SAFELIGHT_LETTER_AUTHORITIES = _environment.mail_letter_ca_file
SAFELIGHT_LETTER_KEY = _environment.letter_key()
SAFELIGHT_CLAMD_SOCKET = _environment.clamd_socket
STATIC_ROOT = _environment.data.absolute() / "static"

if _environment.behind_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SECURE_HSTS_SECONDS = 63_072_000
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-s", "__Host-c"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "safelight.design.storage.Storage"},
}
