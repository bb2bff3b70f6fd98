"""Access tokens for relay and mailbox (OAuth 2.0, RFC 6749), for sites whose mail takes no passwords.

1. By the application's own right (client credentials), or by a refresh token that somebody signed in for once.
2. A token lives in this process's memory only. It is renewed some minutes before it ends, and once where it was refused.
3. A refresh token that the service gives anew takes the old one's place in its file: some services take each once only.
4. What the service says of a fault stays out of the log but for the code that the standard lists.
"""

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict

import httpx
import structlog
from oauthlib.oauth2 import BackendApplicationClient, OAuth2Error  # type: ignore[import-untyped]  # carries no types

from safelight.sharing.mail.tls import verified
from safelight.sharing.ports import CourierAway, CourierNotTrusted

TIMEOUT = 10.0
BEFORE_IT_ENDS: Final = 300.0  # seconds
LIVES_AT_LEAST: Final = 60.0  # a service that names no end, or one that is over
log = structlog.get_logger()


class Issuer(TypedDict, total=False):
    """What the settings say of the service."""

    endpoint: str
    client: str
    secret: Path | None
    refresh: Path | None
    scope: str
    authorities: Path | None


@dataclass(frozen=True, slots=True, repr=False)
class _Token:
    value: str
    until: float


class Tokens:
    """Where access tokens come from. `secret` and `refresh` are files, read at each asking."""

    def __init__(
        self,
        *,
        endpoint: str,
        client: str,
        secret: Path | None = None,
        refresh: Path | None = None,
        scope: str = "",
        authorities: Path | None = None,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoint, self._client, self._scope = endpoint, client, scope
        self._secret, self._refresh, self._seconds = secret, refresh, seconds
        self._tls = verified(authorities)
        self._held: _Token | None = None
        self._lock = threading.Lock()

    def current(self) -> str:
        """A token that is good for some minutes. Raises CourierAway, CourierNotTrusted."""
        with self._lock:
            if self._held is None or self._seconds() >= self._held.until:
                self._held = self._asked()
            return self._held.value

    def refused(self, token: str) -> None:
        """The relay or the mailbox did not take it: the next one is another."""
        with self._lock:
            if self._held is not None and self._held.value == token:
                self._held = None

    def _asked(self) -> _Token:
        said = self._said()
        try:
            answer = httpx.post(self._endpoint, data=said, verify=self._tls, timeout=TIMEOUT, headers={"accept": "application/json"})
        except httpx.HTTPError as fault:
            log.warning("tokens.away", fault=type(fault).__name__)
            raise (CourierNotTrusted if "CERTIFICATE" in str(fault).upper() else CourierAway) from None
        try:
            given = BackendApplicationClient(self._client).parse_request_body_response(answer.text)
        except OAuth2Error as fault:  # (4)
            log.warning("tokens.refused", answer=answer.status_code, why=type(fault).__name__)
            raise CourierAway from None
        except ValueError:
            log.warning("tokens.not_understood", answer=answer.status_code)
            raise CourierAway from None
        if again := given.get("refresh_token"):
            self._keep(str(again))
        lives = max(float(given.get("expires_in") or 0), LIVES_AT_LEAST)
        return _Token(str(given["access_token"]), self._seconds() + lives - min(BEFORE_IT_ENDS, lives / 2))

    def _said(self) -> dict[str, str]:
        said = {"client_id": self._client, "grant_type": "refresh_token" if self._refresh else "client_credentials"}
        try:
            if self._refresh is not None:
                said["refresh_token"] = self._refresh.read_text().strip()
            if self._secret is not None:
                said["client_secret"] = self._secret.read_text().strip()
        except OSError:
            log.warning("tokens.no_secret")
            raise CourierAway from None
        return said | ({"scope": self._scope} if self._scope else {})

    def _keep(self, again: str) -> None:
        """(3) For its owner's eyes only, the old one or the new one whatever happens. Where it cannot be written, a warning says so."""
        file = self._refresh
        if file is None:
            return
        draft = file.with_suffix(f".{os.getpid()}.new")
        try:
            if file.read_text().strip() == again:
                return
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "w") as out:
                out.write(again)
                out.flush()
                os.fsync(out.fileno())
            draft.replace(file)
            place = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(place)  # the service takes the old one no more: the new one's name must outlive a power cut
            finally:
                os.close(place)
        except OSError as fault:
            log.warning("tokens.not_kept", fault=type(fault).__name__)
            with suppress(OSError):
                draft.unlink(missing_ok=True)


_made: dict[tuple[tuple[str, object], ...], Tokens] = {}
_making = threading.Lock()


def of(given: Issuer) -> Tokens:
    """The one place of this process that has tokens by these settings: relay and mailbox share them."""
    key = tuple(sorted(given.items()))
    with _making:
        if key not in _made:
            _made[key] = Tokens(**given)
        return _made[key]
