"""Sending what was read of a card while the rest is still being read: a person who waits for the card waits for the longer of the two.

1. The server is told of frames in parts, the first one small. Which frames lie on the card, and where, is told by the manifest alone.
2. Here too a frame is sent by a second reading, past every cache, and the server compares it with the first.
3. What is not taken this way, for whatever reason, is sent once the card is announced, or left there with its reason.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Self

from handover.part import CardPart
from station.card import Card
from station.home import Identity
from station.reading import Changed, Found
from station.server import Refused, Server

PARTS = (2, 4, 8, 16)  # frames; the last size is kept: each part costs the server a transaction
AT_ONCE = 4  # one waits for the medium, one for the store; two keep the cores of a server busy. A server has sixteen threads


class Ahead:
    """The frames of one card that are sent before it is announced. `sent` are the digests that the server has taken."""

    def __init__(self, card: Card, identity: Identity, server: Server, pool: ThreadPoolExecutor, *, on_card: int) -> None:
        self.card, self.identity, self.server, self.on_card = card, identity, server, on_card
        self.sent: set[str] = set()
        self._pool = pool
        self._part: list[Found] = []
        self._told: set[str] = set()
        self._parts = 0
        self._telling: list[Future[None]] = []
        self._sending: list[Future[None]] = []

    @classmethod
    @contextmanager
    def of(cls, card: Card, identity: Identity, server: Server, *, on_card: int) -> Iterator[Self]:
        """Sends meanwhile. What has not begun when the block is left by an exception is not begun."""
        pool = ThreadPoolExecutor(AT_ONCE)
        try:
            yield cls(card, identity, server, pool, on_card=on_card)
        finally:
            pool.shutdown(cancel_futures=True)

    def offer(self, found: Found) -> None:
        """A frame was read for the first time. From one thread only."""
        if found.line.digest in self._told:
            return
        self._told.add(found.line.digest)
        self._part.append(found)
        if len(self._part) == PARTS[min(self._parts, len(PARTS) - 1)]:
            self._parts += 1
            part, self._part = self._part, []
            self._telling.append(self._pool.submit(self._tell, part))

    def all_told(self) -> None:
        """Return when the server knows every part: what it hears of after the announcement would be of another card. Raises TryLater."""
        for told in self._telling:
            told.result()

    def finish(self, tell: Callable[[int], None]) -> None:
        """Return when nothing is on its way any more; tells meanwhile how many have come. Raises TryLater."""
        for sent in self._sending:
            sent.result()
            if self.sent:
                tell(len(self.sent))

    def _tell(self, part: list[Found]) -> None:
        """Tell the server of a part, and send what it wants of it. A server that knows nothing of parts wants nothing."""
        lines = [found.line for found in part]
        said = CardPart.of(lines, station=self.identity.id, volume=self.card.volume, on_card=self.on_card)
        try:
            wanted = self.server.tell_part(said)
        except Refused:
            return
        self.card.forget()  # the second reading must come from the card, not from what the first one left in memory
        self._sending.extend(self._pool.submit(self._send, found) for found in part if found.line.digest in wanted)

    def _send(self, found: Found) -> None:
        try:
            self.server.send_frame(None, found.line, found.path)
        except (Refused, Changed, OSError):
            return
        self.sent.add(found.line.digest)
