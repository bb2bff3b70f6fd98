"""What the web server lets go of before it forks its processes."""

from safelight.config import server
from safelight.vault import chosen


def test_no_connection_to_the_store_crosses_a_fork(monkeypatch):
    held, opened = chosen.store(), []
    monkeypatch.setattr(server._Server, "run", lambda _: opened.append(chosen.store()))  # where gunicorn forks
    server.serve(listen="127.0.0.1:0")
    assert opened != [held]
