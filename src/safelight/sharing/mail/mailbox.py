"""The mailbox that answers come to, read by IMAP over verified TLS (RFC 8314). Nothing is deleted: what is dealt with is moved."""

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Required, Self, TypedDict

import structlog
from django.conf import settings
from imap_tools import MailBox
from imap_tools.errors import ImapToolsError, MailboxLoginError

from safelight.sharing.mail import secrets
from safelight.sharing.mail.incoming import LARGEST
from safelight.sharing.mail.tls import verified
from safelight.sharing.mail.tokens import Issuer
from safelight.sharing.ports import CourierAway, CourierNotTrusted

TIMEOUT = 10.0
AT_ONCE = 50
INBOX, DONE, TOO_LARGE = "INBOX", "Filed", "Too large"
MOST_HEADERS = 64 * 2**10
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, repr=False)
class Found:
    """A letter in the inbox, under the number that the mailbox gave it: numbers are good while `validity` is the same (RFC 3501).

    Of one that is too large to be read here `raw` holds the headers alone, and `whole` is false.
    """

    validity: int
    uid: int
    raw: bytes
    whole: bool = True


class Given(TypedDict, total=False):
    """What the settings say of it."""

    host: Required[str]
    port: Required[int]
    user: Required[str]
    secret: Required[Path | None]
    sign_in: Literal["password", "xoauth2"]
    tokens: Issuer | None
    authorities: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which mailbox, and how to be let in. `secret` is a file, read at each connection; `tokens` says where tokens are got instead."""

    host: str
    port: int
    user: str
    secret: Path | None
    sign_in: Literal["password", "xoauth2"] = "password"
    tokens: Issuer | None = None
    authorities: Path | None = None


class Box:
    """An open mailbox."""

    def __init__(self, box: MailBox) -> None:
        self._box = box
        self._validity = int(box.folder.status(INBOX, ["UIDVALIDITY"])["UIDVALIDITY"])

    def letters(self) -> Iterator[Found]:
        """What lies in the inbox, oldest first, so many at once. Reading marks nothing."""
        for uid in self._box.uids()[:AT_ONCE]:
            _, said = self._box.client.uid("fetch", uid, "(RFC822.SIZE)")
            size = int(bytes(said[0]).rpartition(b"RFC822.SIZE ")[2].rstrip(b")") or 0) if said and said[0] else 0
            whole = size <= LARGEST
            if not whole:
                log.warning("mailbox.too_large", uid=int(uid))
            _, parts = self._box.client.uid("fetch", uid, "(BODY.PEEK[])" if whole else f"(BODY.PEEK[HEADER]<0.{MOST_HEADERS}>)")
            raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
            if raw is not None:
                yield Found(self._validity, int(uid), raw, whole)

    def done(self, found: Found) -> None:
        """Move a letter out of the inbox, one that was not read to a folder of its own: only after what became of it has committed."""
        folder = DONE if found.whole else TOO_LARGE
        if not self._box.folder.exists(folder):
            self._box.folder.create(folder)
        self._box.move(str(found.uid), folder)

    @classmethod
    @contextmanager
    def open(cls, where: Where) -> Iterator[Self]:
        """Raises Unavailable: CourierNotTrusted where the server cannot prove its name, CourierAway otherwise."""
        try:
            with _let_in(where) as box:
                yield cls(box)
        except (ImapToolsError, imaplib.IMAP4.error) as fault:
            log.warning("mailbox.away", fault=type(fault).__name__)
            raise CourierAway from None
        except OSError as fault:
            log.warning("mailbox.away", fault=type(fault).__name__)
            raise (CourierNotTrusted if "certificate" in str(fault).lower() else CourierAway) from None


def _let_in(where: Where) -> MailBox:
    """A mailbox that has let us in; where it takes a token no more, another connection with another token."""
    for secret in secrets.tries(secrets.of(where.secret, where.tokens)):
        box = MailBox(where.host, where.port, timeout=TIMEOUT, ssl_context=verified(where.authorities))
        try:
            let_in = box.login if where.sign_in == "password" else box.xoauth2
            return let_in(where.user, secret.value, initial_folder=INBOX)
        except (MailboxLoginError, imaplib.IMAP4.error):
            box.client.shutdown()
            if secret.last:
                raise
    raise CourierAway


def configured() -> Where | None:
    """The mailbox of this site; None where nobody set one up."""
    given: Given | None = settings.SAFELIGHT_MAILBOX  # type: ignore[assignment]  # made by the one typed parse of the environment
    return Where(**given) if given else None
