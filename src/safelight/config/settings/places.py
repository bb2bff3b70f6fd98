"""Settings that follow from where the data and the keys lie; the same rule for every kind of installation."""

from pathlib import Path
from typing import TypedDict

from pydantic import PostgresDsn

from safelight.config.settings.base import (
    LEDGER_KEY_FILE,
    POSTGRESQL_OPTIONS,
    PUSH_KEY_FILE,
    RECEIPT_KEY_FILE,
    ROOT_KEY_FILE,
    SQLITE_OPTIONS,
)

TLS = frozenset({"sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl"})


class Places(TypedDict):
    SAFELIGHT_DATA: Path
    SAFELIGHT_OBJECT_STORE: dict[str, object]
    SAFELIGHT_KEY_SERVICE: dict[str, object]
    SAFELIGHT_LEDGER_KEY: Path
    SAFELIGHT_RECEIPT_KEY: Path
    SAFELIGHT_PUSH_KEY: Path
    SAFELIGHT_WITNESSES: list[dict[str, object]]
    DATABASES: dict[str, dict[str, object]]


def places(*, data: Path, keys: Path, database: PostgresDsn | None, witness: Path | None = None) -> Places:
    """Settings for a folder of data, a folder of keys, a PostgreSQL address where there is one, and a folder of the witness."""
    return {
        "SAFELIGHT_DATA": data,
        "SAFELIGHT_OBJECT_STORE": {"adapter": "safelight.vault.adapters.local.LocalStore", "folder": data / "vault"},
        "SAFELIGHT_KEY_SERVICE": {"adapter": "safelight.vault.adapters.file_keys.FileKeys", "file": keys / ROOT_KEY_FILE},
        "SAFELIGHT_LEDGER_KEY": keys / LEDGER_KEY_FILE,
        "SAFELIGHT_RECEIPT_KEY": keys / RECEIPT_KEY_FILE,
        "SAFELIGHT_PUSH_KEY": keys / PUSH_KEY_FILE,
        "SAFELIGHT_WITNESSES": [{"adapter": "safelight.audit.adapters.folder.FolderWitness", "folder": witness or data / "checkpoints"}],
        "DATABASES": {"default": _postgresql(database) if database else _sqlite(data / "safelight.sqlite3")},
    }


def _sqlite(file: Path) -> dict[str, object]:
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": None}


def _postgresql(address: PostgresDsn) -> dict[str, object]:
    """The address in Django's words. What it says of TLS is passed on; a parameter that is not known here is refused, never passed over."""
    host, said = address.hosts()[0], dict(address.query_params())
    if unknown := sorted(said.keys() - TLS):
        raise ValueError(f"SAFELIGHT_DATABASE may say {', '.join(sorted(TLS))}, not {', '.join(unknown)}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": (address.path or "").lstrip("/"),
        "HOST": host["host"] or "",
        "PORT": host["port"] or "",
        "USER": host["username"] or "",
        "PASSWORD": host["password"] or "",
        "OPTIONS": POSTGRESQL_OPTIONS | said,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
