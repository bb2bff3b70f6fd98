"""What a process of the product imports, for tests.servers.forked: nothing of it opens a connection or starts a thread."""

import threading
from importlib import import_module

import django
from django.db import connection

django.setup()
for name in (
    "django.contrib.messages.storage.fallback",
    "django.contrib.sessions.serializers",
    "gunicorn.workers.gthread",
    "safelight.config.logs",
    "safelight.config.server",
    "safelight.config.urls.everything",
    "safelight.config.worker",
    "safelight.config.wsgi",
    "safelight.vault.adapters.file_keys",
    "safelight.vault.adapters.local",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
):
    import_module(name)

assert threading.active_count() == 1, threading.enumerate()
assert connection.connection is None
