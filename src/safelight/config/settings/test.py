"""Settings of the tests: real parts in a temporary folder. SAFELIGHT_TEST_DATABASE names a PostgreSQL server; else SQLite."""

import json
import os
import secrets
import tempfile
from pathlib import Path

from django.contrib.auth.hashers import Argon2PasswordHasher
from jinja2 import FileSystemBytecodeCache
from pydantic import PostgresDsn

from safelight.config.settings.base import *
from safelight.config.settings.places import places


def roomy_memory() -> Path | None:
    """Memory as a folder, where there is much of it: most tests are about what is written, not about the disk that it reaches."""
    place = Path("/dev/shm")  # noqa: S108 - the folder that is made in it is this user's alone
    free = os.statvfs(place) if os.access(place, os.W_OK) else None
    return place if free and free.f_bavail * free.f_frsize > ROOMY else None


ROOMY = 6 << 30  # bytes

# A process that a test starts (a worker, say) shares the folder and the database of the test.
_shared = os.environ.get("SAFELIGHT_TEST_FOLDER", "")
_folder = Path(_shared or tempfile.mkdtemp(prefix="safelight-test-", dir=roomy_memory()))
_address = os.environ.get("SAFELIGHT_TEST_DATABASE", "")

for _name in ("keys", "data", "static", "pages"):
    (_folder / _name).mkdir(mode=0o700, exist_ok=True)
_places = places(data=_folder / "data", keys=_folder / "keys", database=PostgresDsn(_address) if _address else None)
SAFELIGHT_DATA = _places["SAFELIGHT_DATA"]
# A hospital's store and keys instead of the folder's, where tests/servers/stores.py runs them.
SAFELIGHT_OBJECT_STORE = json.loads(os.environ.get("SAFELIGHT_TEST_STORE", "null")) or _places["SAFELIGHT_OBJECT_STORE"]
SAFELIGHT_KEY_SERVICE = json.loads(os.environ.get("SAFELIGHT_TEST_KEYS", "null")) or _places["SAFELIGHT_KEY_SERVICE"]
SAFELIGHT_LEDGER_KEY = _places["SAFELIGHT_LEDGER_KEY"]
SAFELIGHT_RECEIPT_KEY = _places["SAFELIGHT_RECEIPT_KEY"]
SAFELIGHT_PUSH_KEY = _places["SAFELIGHT_PUSH_KEY"]
SAFELIGHT_WITNESSES = _places["SAFELIGHT_WITNESSES"]
DATABASES = _places["DATABASES"]

if _shared:
    DATABASES["default"]["NAME"] = os.environ["SAFELIGHT_TEST_NAME"]
elif not _address:
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "data" / "test.sqlite3")}

SAFELIGHT_TEST_FOLDER = _folder
SECRET_KEY = os.environ.get("SAFELIGHT_TEST_SECRET") or secrets.token_urlsafe(48)  # given where web sessions outlive a process
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SAFELIGHT_SITE = "test"
SAFELIGHT_ORIGIN = "safelight.test"
SAFELIGHT_ADDRESS = "http://localhost"
SAFELIGHT_ORGANISATION = "St Elsewhere's Hospital"
SAFELIGHT_GSRN_PREFIX = "5050898"
SAFELIGHT_TWO_SIGNATURES = False
SAFELIGHT_URGENT_CHECKLIST = True
SAFELIGHT_LOCK_SECONDS = 120
SAFELIGHT_WEBHOOK_HOSTS = ("127.0.0.1", "pager.example")  # gateways of the tests listen on loopback
SAFELIGHT_ALLOW_SYNTHETIC_NUMBERS = True  # patients in the tests are invented: numbers of the 999 range
# One quick finder of the three, for tests that make covered copies and are about something else. What is about all of them says so:
# tests.factories.deidentify.all_finders here, SAFELIGHT_TEST_FINDERS=all for a process that a test starts.
if os.environ.get("SAFELIGHT_TEST_FINDERS") != "all":
    SAFELIGHT_FINDERS = ("safelight.deidentify.adapters.barcodes.Barcodes",)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
STATIC_ROOT = _folder / "static"
# A page compiled by one process of a test is read by the next: all of them take a process 2.4 s of computing.
TEMPLATES[0]["OPTIONS"] |= {"bytecode_cache": FileSystemBytecodeCache(str(_folder / "pages"))}  # type: ignore[operator]  # a dict


class QuickArgon2id(Argon2PasswordHasher):
    """The product's hash, which is made to take a fifth of a second, in a thousandth: the tests sign in a thousand times."""

    memory_cost, time_cost, parallelism = 64, 1, 1


PASSWORD_HASHERS = [f"{__name__}.QuickArgon2id"]
