"""Letters by SMTP, over TLS that is proved or not at all (RFC 8314).

Rules that hold here:
1. TLS from the first byte (smtps) or by STARTTLS before anything else (smtp+starttls); plain SMTP does not exist here.
2. Chain and name are verified against the site's authorities, TLS 1.2 at least.
3. Every recipient is named before the letter is handed over: one refused, and nobody is given it.
4. The size is compared before connecting, with the site's limit, and before handing over, with what the server announces.
5. An answer 4xx, a broken connection and a sign-in that fails mean later; 5xx about the letter means never.
"""

import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import structlog

from safelight.kernel import clock
from safelight.sharing.mail import letters, secrets, smime
from safelight.sharing.mail.addresses import address
from safelight.sharing.mail.tls import verified
from safelight.sharing.mail.tokens import Issuer
from safelight.sharing.ports import CourierAway, CourierNotTrusted, CourierRefused, Letter, LetterTooLarge

TIMEOUT = 10.0
PERMANENT = range(500, 600)
IMPLICIT, UPGRADED = "smtps", "smtp+starttls"
log = structlog.get_logger()


class SmtpCourier:
    """Gives letters to one relay.

    `server` is smtps://host:465 or smtp+starttls://host:587. `secret` is a file with the password, or with the access token that
    another program keeps fresh (`sign_in="xoauth2"`): it is read at each connection. `tokens` says where tokens are got instead.
    `authorities` is a PEM file; without it those of the machine are trusted.
    """

    def __init__(
        self,
        *,
        server: str,
        sender: str,
        name: str = "",
        user: str,
        secret: Path | None,
        sign_in: Literal["password", "xoauth2"] = "password",
        tokens: Issuer | None = None,
        authorities: Path | None = None,
        largest: int = letters.LARGEST,
        certificate: Path | None = None,
        key: Path | None = None,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        where = urlsplit(server)
        if where.scheme not in {IMPLICIT, UPGRADED} or not where.hostname:
            raise ValueError("mail goes by smtps:// or smtp+starttls:// only")
        self._host, self._implicit = where.hostname, where.scheme == IMPLICIT
        self._port = where.port or (465 if self._implicit else 587)
        self._user, self._sign_in, self._secret = user, sign_in, secrets.of(secret, tokens)
        self._tls = verified(authorities)
        self._largest, self._now = largest, now
        signer = smime.Signer.of(certificate, key) if certificate and key else None
        self._sealing = letters.Sealing(address(sender), name, signer)

    def send(self, letter: Letter, *, message_id: str) -> None:
        """See `ports.Courier`."""
        whole = letters.as_sent(letter, message_id=message_id, sealing=self._sealing, at=self._now())
        if letters.size(whole) > self._largest:  # (4)
            raise LetterTooLarge
        back_to = letters.plus(self._sealing.sender, letters.return_tag(message_id))
        with _answers(), self._connected() as relay:
            limit = int(relay.esmtp_features.get("size", "0") or 0)
            if limit and letters.size(whole) > limit:
                raise LetterTooLarge
            _hand_over(relay, whole, back_to, [address(each).text for each in letter.to])

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A relay that has let us in; where it takes a token no more, another connection with another token."""
        for secret in secrets.tries(self._secret):
            relay = self._opened()
            try:
                self._let_in(relay, secret.value)
            except smtplib.SMTPAuthenticationError:
                relay.close()
                if secret.last:
                    raise
                continue
            except BaseException:
                relay.close()
                raise
            break
        try:
            yield relay
        finally:
            relay.close()

    def _opened(self) -> smtplib.SMTP:
        if self._implicit:
            return smtplib.SMTP_SSL(self._host, self._port, timeout=TIMEOUT, context=self._tls)
        relay = smtplib.SMTP(self._host, self._port, timeout=TIMEOUT)
        try:
            relay.starttls(context=self._tls)  # (1) raises SMTPNotSupportedError where the server does not offer it
        except BaseException:
            relay.close()
            raise
        return relay

    def _let_in(self, relay: smtplib.SMTP, secret: str) -> None:
        relay.ehlo_or_helo_if_needed()
        if self._sign_in == "password":
            relay.login(self._user, secret)
        else:
            said = f"user={self._user}\x01auth=Bearer {secret}\x01\x01"
            # A refused token is answered by a challenge that holds the reason; an empty line ends it (XOAUTH2).
            relay.auth("XOAUTH2", lambda challenge=None: "" if challenge else said)


def _hand_over(relay: smtplib.SMTP, whole: bytes, back_to: str, to: list[str]) -> None:
    _expect(relay.mail(back_to, [f"SIZE={letters.size(whole)}"] if relay.has_extn("size") else []), {250})
    for each in to:  # (3)
        _expect(relay.rcpt(each), {250, 251})
    _expect(relay.data(whole), {250})


def _expect(answer: tuple[int, bytes], fine: set[int]) -> None:
    code, _ = answer
    if code not in fine:
        raise smtplib.SMTPResponseException(code, b"")


@contextmanager
def _answers() -> Iterator[None]:
    """What can go wrong on the way, in our words (5). What the server said stays out of the log: it repeats addresses."""
    try:
        yield
    except ssl.SSLError as fault:
        log.warning("courier.not_trusted", reason=fault.reason, certificate=getattr(fault, "verify_message", ""))
        raise CourierNotTrusted from None
    except smtplib.SMTPNotSupportedError:
        log.warning("courier.not_trusted", reason="no STARTTLS, or not the sign-in that is set")
        raise CourierNotTrusted from None
    except smtplib.SMTPAuthenticationError as fault:
        log.warning("courier.not_let_in", answer=fault.smtp_code)
        raise CourierAway from None
    except smtplib.SMTPResponseException as fault:
        log.info("courier.answer", answer=fault.smtp_code)
        if fault.smtp_code == 552:  # noqa: PLR2004 - RFC 1870
            raise LetterTooLarge from None
        if fault.smtp_code in PERMANENT:
            raise CourierRefused(fault.smtp_code) from None
        raise CourierAway from None
    except (smtplib.SMTPException, OSError) as fault:
        log.info("courier.away", fault=type(fault).__name__)
        raise CourierAway from None
