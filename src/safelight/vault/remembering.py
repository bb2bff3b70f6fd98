"""A key service that is away for a moment does not blind a theatre: data keys that it opened serve on for a minute, then nothing does."""

import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from safelight.vault.errors import KeysAway
from safelight.vault.ports import KeyService, Wrapped

SERVES_FOR = 60.0  # seconds (security design, R10)
MOST = 10_000


class RememberingKeys:
    """Asks the service each time. What it opened is kept in memory for `SERVES_FOR`, and given only while the service is away.

    Nothing new is sealed without the service, and a wrong key stays wrong.
    """

    def __init__(self, service: KeyService, *, seconds: Callable[[], float] = time.monotonic) -> None:
        self._service, self._seconds = service, seconds
        self._opened: OrderedDict[tuple[str, bytes, bytes], tuple[float, bytes]] = OrderedDict()
        self._lock = Lock()

    def wrap(self, key: bytes, context: bytes) -> Wrapped:
        return self._service.wrap(key, context)

    def unwrap(self, wrapped: Wrapped, context: bytes) -> bytes:
        asked = (wrapped.key_id, bytes(wrapped.sealed), bytes(context))
        try:
            key = self._service.unwrap(wrapped, context)
        except KeysAway:
            self._forget()
            with self._lock:
                held = self._opened.get(asked)
            if held is None:
                raise
            return held[1]
        with self._lock:
            self._opened.pop(asked, None)
            self._opened[asked] = (self._seconds(), key)
        self._forget()
        return key

    def mac(self, context: bytes, data: bytes, *, number: int) -> bytes:
        return self._service.mac(context, data, number=number)

    def index_keys(self) -> tuple[int, ...]:
        return self._service.index_keys()

    def make_index_key(self, number: int) -> None:
        self._service.make_index_key(number)

    def retire_index_key(self, number: int) -> None:
        self._service.retire_index_key(number)

    def rotate(self) -> str:
        return self._service.rotate()

    def roots(self) -> tuple[str, ...]:
        return self._service.roots()

    def retire(self, key_id: str) -> None:
        self._service.retire(key_id)

    def health(self) -> None:
        self._service.health()

    def _forget(self) -> None:
        """Drop what is older than it may be, and the oldest where there is too much of it."""
        oldest = self._seconds() - SERVES_FOR
        with self._lock:
            while self._opened and (len(self._opened) > MOST or next(iter(self._opened.values()))[0] <= oldest):
                self._opened.popitem(last=False)
