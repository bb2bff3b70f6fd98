"""The web server: gunicorn with threads over the WSGI application."""

from typing import Any

from django.db import connection
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]  # carries no types

from safelight.config import bodies
from safelight.vault import chosen

THREADS = 8


class _Server(BaseApplication):  # type: ignore[misc]  # of an untyped class
    def __init__(self, options: dict[str, object]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from safelight.config.wsgi import application

        return bodies.directly(application)


def serve(*, listen: str) -> None:
    """Serve until SIGTERM. Every open file of a body stays in memory: nothing a client sends reaches a disk unsealed."""
    connection.close()  # a connection must not cross a fork
    chosen.forget_store()  # nor may one to the store: two processes would read each other's answers
    _Server(
        {
            "bind": listen,
            "workers": 2,
            "threads": THREADS,
            "worker_class": "gthread",
            "timeout": 120,
            "graceful_timeout": 20,
            "keepalive": 5,
            "limit_request_line": 4094,
            "limit_request_fields": 100,
            "control_socket_disable": True,
            "accesslog": None,
            "errorlog": "-",
            "loglevel": "warning",
        }
    ).run()
