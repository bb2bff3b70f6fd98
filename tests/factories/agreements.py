"""Two people agree to what is done to the keys: by the real action, an administrator and an IG lead."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import uuid4

from django.db import connection
from tests.factories.staff import actor_of, make_person

from safelight.config.keys import alone
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.staff.actions.agree_to_keys import agree_to_keys
from safelight.staff.models import Agreement, ForKeys


def agreed(what: ForKeys, *, at: datetime | None = None) -> Agreement:
    """An agreement that is good for four hours from now, or from another moment."""
    now = at or clock.now()
    first = make_person("keys-first", "Ms F Keys", roles=[Role.ADMINISTRATOR])
    second = make_person("keys-second", "Mr S Keys", roles=[Role.IG_LEAD])
    by = actor_of(first, proved_at=now)
    return agree_to_keys(by=by, what=what, second_person=second.pk, now=now, new_id=uuid4())


@contextmanager
def another_command_at_the_keys() -> Iterator[None]:
    """Somebody else's command is under way, on a connection of its own."""
    begun, over = threading.Event(), threading.Event()

    def run() -> None:
        with alone():
            begun.set()
            over.wait(60)
        connection.close()

    running = threading.Thread(target=run)
    running.start()
    try:
        assert begun.wait(60)
        yield
    finally:
        over.set()
        running.join(60)
