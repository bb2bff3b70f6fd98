"""Settings of the demonstration: an invented hospital on loopback, over the embedded database. Never for patients.

Numbers of the 999 range are accepted, passkeys work on http://localhost, cookies travel without TLS. The deployment check
refuses each of these.
"""

import os
from pathlib import Path

from safelight.config.settings.base import *
from safelight.config.settings.places import places

_folder = Path(os.environ["SAFELIGHT_DEMO_FOLDER"])
_port = os.environ.get("SAFELIGHT_DEMO_PORT", "8000")
_places = places(data=_folder / "data", keys=_folder / "keys", database=None)
SAFELIGHT_DATA = _places["SAFELIGHT_DATA"]
SAFELIGHT_OBJECT_STORE = _places["SAFELIGHT_OBJECT_STORE"]
SAFELIGHT_KEY_SERVICE = _places["SAFELIGHT_KEY_SERVICE"]
SAFELIGHT_LEDGER_KEY = _places["SAFELIGHT_LEDGER_KEY"]
SAFELIGHT_RECEIPT_KEY = _places["SAFELIGHT_RECEIPT_KEY"]
SAFELIGHT_PUSH_KEY = _places["SAFELIGHT_PUSH_KEY"]
SAFELIGHT_WITNESSES = _places["SAFELIGHT_WITNESSES"]
DATABASES = _places["DATABASES"]

SAFELIGHT_DEMO = True
# What leaves the invented hospital ends on its own page: a mailbox, and the pager of the team on call.
SAFELIGHT_COURIER = {
    "adapter": "safelight.sharing.adapters.folder.FolderCourier",
    "folder": _folder / "mailbox",
    "sender": "safelight@stelsewhere.example",
    "name": "Safelight, St Elsewhere's",
}
SAFELIGHT_WEBHOOK_HOSTS = (f"localhost:{_port}",)
ROOT_URLCONF = "safelight.config.urls.demo"
SECRET_KEY = (_folder / "keys" / "secret").read_text()
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
SAFELIGHT_SITE = "demo"
SAFELIGHT_ORIGIN = "safelight.demo"
SAFELIGHT_ADDRESS = f"http://localhost:{_port}"
SAFELIGHT_ORGANISATION = "St Elsewhere's Hospital"
SAFELIGHT_GSRN_PREFIX = "5050898"
SAFELIGHT_TWO_SIGNATURES = False
SAFELIGHT_URGENT_CHECKLIST = True
SAFELIGHT_LOCK_SECONDS = 600
SAFELIGHT_ALLOW_SYNTHETIC_NUMBERS = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
STATIC_ROOT = _folder / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "safelight.design.storage.Storage"},
}
