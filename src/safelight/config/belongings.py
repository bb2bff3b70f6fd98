"""Whether this machine serves the database that its store and its keys belong to: asked before anything is served."""

import socket
from uuid import uuid4

import structlog
from django.db import OperationalError, ProgrammingError, connection, transaction

from safelight.audit import checkpoint
from safelight.audit.keys import NoSigningKey
from safelight.custody import receipts
from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR
from safelight.kernel.errors import Unavailable
from safelight.vault import belonging
from safelight.vault.errors import SigningKeyOfAnother
from safelight.vault.models import Belonging

log = structlog.get_logger()


class DatabaseAway(Unavailable):
    """The database does not answer, or `safelight prepare` has not made its tables."""

    code = "config.database_away"
    says = "The database does not answer, or was not prepared. Nothing was lost. Start it, or run safelight prepare, and try again."


def make_sure() -> None:
    """Returns where store and keys are those of the database. Raises as `vault.belonging.recognise`, and DatabaseAway."""
    try:
        belonging.recognise(
            by=OPERATOR,
            signers=_signers(),
            machine=socket.gethostname(),
            new_identity=uuid4(),
            new_mark=uuid4(),
            now=clock.now(),
        )
    except (OperationalError, ProgrammingError) as away:
        log.warning("belongings.database_away", fault=type(away).__name__)
        raise DatabaseAway from None


def make_sure_before_keys_are_made() -> None:
    """As `make_sure`, where the database is one that serves already: a second machine must not make keys of its own for it.

    The tables may be those of an older version, which lack what is compared. Then the keys must be here, and `make_sure` compares them
    when the tables are up to date.
    """
    if Belonging._meta.db_table not in connection.introspection.table_names() or not Belonging.objects.exists():  # noqa: SLF001 - Django's name
        return
    signers = _signers()
    try:
        with transaction.atomic():
            belonging.compare(signers, now=clock.now())
    except (OperationalError, ProgrammingError) as older:
        log.info("belongings.tables_of_an_older_version", fault=type(older).__name__)
        belonging.require_keys()


def still_so() -> None:
    """For a worker that runs: raises where store or keys are the database's no more. A part that is away now is asked again later."""
    try:
        make_sure()
    except Unavailable as away:
        log.warning("belongings.away", code=away.code)


def make_sure_of_keys() -> None:
    """Returns where the root keys are those of the database, and remembers a new one. Raises KeysOfAnother, KeysNotHere."""
    belonging.recognise_keys(by=OPERATOR, now=clock.now())


def adopt(*, missing: int) -> int:
    """Take the store of the settings for the database's own. Raises ObjectsMissing; returns how many objects it holds."""
    return belonging.adopt(by=OPERATOR, missing=missing, new_identity=uuid4(), now=clock.now())


def accept_signing_keys() -> None:
    """Take this machine's signing keys for the database's own, where the others were lost. Raises SigningKeyOfAnother."""
    belonging.accept(by=OPERATOR, signers=_signers(), now=clock.now())


def _signers() -> dict[str, str]:
    try:
        return {"ledger key": checkpoint.ledger_signer().vkey, "receipt key": receipts.receipt_signer().vkey}
    except NoSigningKey:
        raise SigningKeyOfAnother from None
