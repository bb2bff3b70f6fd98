"""Making an installation ready: folders, keys, tables, the first administrator."""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.management import call_command

from safelight.audit.keys import make_seed
from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR, Role
from safelight.outbox import flows


def prepare() -> None:
    """Make what is missing and bring the tables up to date. Safe to repeat; replaces nothing.

    Raises StoreOfAnother and what else tells that this machine is none of those which serve the database.
    """
    from safelight.config import belongings
    from safelight.sharing.notices import push_key
    from safelight.vault import upkeep

    data = Path(settings.SAFELIGHT_DATA)
    for folder in (data, Path(settings.SAFELIGHT_LEDGER_KEY).parent):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.chmod(folder, 0o700)  # noqa: PTH101 - the folder may be older and open
    belongings.make_sure_before_keys_are_made()
    for seed in (settings.SAFELIGHT_LEDGER_KEY, settings.SAFELIGHT_RECEIPT_KEY):
        if not Path(seed).exists():
            make_seed(Path(seed))
    push_key.make(Path(settings.SAFELIGHT_PUSH_KEY))
    upkeep.make_keys()
    with without_collecting():
        call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    flows.migrate()
    belongings.make_sure()
    call_command("collectstatic", interactive=False, verbosity=0)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Migrating makes a few hundred thousand objects, and looking again and again for some that could go is a third of what it costs."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def invite_administrator(*, username: str, name: str) -> str:
    """The address by which an administrator sets a password and a second factor, once, within a day. Raises NameTaken."""
    from safelight.staff.actions.invite_person import invite_person
    from safelight.staff.said import PersonSaid
    from safelight.staff.web import invitations

    secret, digest = invitations.make_secret()
    invite_person(
        by=OPERATOR,
        username=username,
        said=PersonSaid(name=name, roles=frozenset({Role.ADMINISTRATOR})),
        secret_digest=digest,
        second_person=None,
        now=clock.now(),
        new_id=uuid4(),
        new_invitation=uuid4(),
    )
    return invitations.link(secret)
