"""What a process of the product imports, for tests.servers.forked: nothing of it opens a connection or starts a thread."""

import threading
from importlib import import_module

import django
from django.db import connection

django.setup()
for name in ("gunicorn.workers.gthread", "safelight.config.urls", "safelight.config.wsgi", "safelight.config.worker"):
    import_module(name)

assert threading.active_count() == 1, threading.enumerate()
assert connection.connection is None
