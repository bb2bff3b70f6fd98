"""What opens relay and mailbox: what a file holds, or a token that is got from the site's own service and got anew where it is refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from safelight.sharing.mail import tokens
from safelight.sharing.mail.tokens import Issuer, Tokens
from safelight.sharing.ports import CourierAway

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A password or a token. After the `last` there is no other to try."""

    value: str
    last: bool


def of(file: Path | None, given: Issuer | None) -> Path | Tokens:
    """Where secrets come from. Raises ValueError where neither is named."""
    if given is not None:
        return tokens.of(given)
    if file is None:
        raise ValueError("mail needs a file with a secret, or a service that gives tokens")
    return file


def tries(source: Path | Tokens) -> Iterator[Secret]:
    """What to try, one after the other: asking for the next says that the one before was refused. Raises CourierAway, CourierNotTrusted."""
    if isinstance(source, Tokens):
        first = source.current()
        yield Secret(first, last=False)
        source.refused(first)
        yield Secret(source.current(), last=True)
        return
    try:
        yield Secret(source.read_text().strip(), last=True)
    except OSError:
        log.warning("courier.no_secret")
        raise CourierAway from None
