"""One card, from reader to certificate.

1. Read every frame once and write the manifest; what cannot be read stays on the card, named. What was read is sent meanwhile (ahead.py).
2. Announce; the server says which frames it wants still.
3. Read each wanted frame a second time, past the cache, and stream it. Other bytes twice: the frame is unstable and stays.
4. Ask for the receipt until every frame is at rest. Believe it only with the server's signature, for this card.
5. Wipe what the receipt names (wiping.py).
6. Read the medium again for traces, and hand in the certificate, also for what an earlier run erased and could not say.
In doubt, keep.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

from handover.certificate import Certificate
from handover.manifest import CardManifest
from handover.reasons import Left
from station.ahead import AT_ONCE, Ahead
from station.blocks import Fingerprints
from station.card import Card
from station.confirming import Held, confirmed
from station.home import Identity
from station.journal import Journal
from station.outcome import Outcome, State, Tell
from station.reading import CardOut, Changed, Found, Listing, list_card, size_of, walk
from station.server import Announced, Refused, Server
from station.wiping import Wiping

READS = 2
PATIENCE = 300.0  # seconds that a receipt may take; then the card is tried again later
OTHER_BYTES = "custody.other_bytes"


class Job:
    """The import of one opened card. `whole`: where nothing on it is to stay, its whole medium is wiped at once."""

    def __init__(
        self,
        card: Card,
        identity: Identity,
        server: Server,
        journal: Journal,
        *,
        tell: Tell,
        now: Callable[[], datetime],
        patience: float = PATIENCE,
        whole: bool = False,
    ) -> None:
        self.card, self.identity, self.server, self.journal, self.tell, self.now = card, identity, server, journal, tell, now
        self.patience, self.whole = patience, whole
        self.marks = Fingerprints()
        self.outcome = Outcome(card.kind.value)

    def run(self) -> Outcome:
        """Do all six steps. Raises TryLater when the server does not answer, CardOut when the card does not: nothing is lost."""
        began = time.monotonic()
        self.tell("read", 0, 0)
        walked = walk(self.card.root)
        with Ahead.of(self.card, self.identity, self.server, on_card=size_of(walked[0])) as ahead:
            listing = list_card(self.card, self.marks, self.journal, ahead.offer, walked=walked)  # (1)
            self.outcome.enter(self.card.root, listing)
            manifest = self._manifest(listing)
            ahead.all_told()
            announced = self.server.announce(manifest)  # (2)
            coming = len(announced.wanted | ahead.sent)
            ahead.finish(lambda came: self.tell("send", came, coming))
        self._send_all(announced, listing, sent=frozenset(ahead.sent))  # (3)
        confirmed = self._receipt(announced, manifest)  # (4)
        wiping = Wiping(self.card, listing, self.outcome, self.marks, self.journal, tell=self.tell)
        earlier = self.journal.gone(self.card.volume, wiping.all_places())
        if not (self.whole and wiping.erase_whole(confirmed)):  # (5)
            wiping.erase_confirmed(confirmed)
            if listing.others and not self._held:
                wiping.erase_given_up(self.server.given_up(announced.id))
            wiping.empty()
        if not self.outcome.whole:  # there the whole medium was read, and held nothing
            self._look_for_traces(listing, wiping)  # (6)
        self.server.certify(self._certificate(announced.id, earlier))
        self.journal.settle(self.card.volume, wiping.still_half())
        self.outcome.seconds = round(time.monotonic() - began, 3)
        return self.outcome

    def _manifest(self, listing: Listing) -> CardManifest:
        return CardManifest(
            station=self.identity.id,
            kind=self.card.kind,
            volume=self.card.volume,
            frames=tuple(found.line for found in listing.frames),
            others=tuple(other for _, other in listing.others),
        )

    def _send_all(self, announced: Announced, listing: Listing, *, sent: frozenset[str]) -> None:
        first_of: dict[str, Found] = {}
        for found in listing.frames:
            first_of.setdefault(found.line.digest, found)
        for digest in sent & first_of.keys():
            self.outcome.of(first_of[digest].path).state = State.RECEIVED
        wanted = [found for digest, found in first_of.items() if digest in announced.wanted - sent]
        self.card.forget()  # the second reading must come from the card, not from what the first one left in memory
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for number, _ in enumerate(pool.map(lambda found: self._send(announced.id, found), wanted), 1):
                self.tell("send", len(sent) + number, len(sent) + len(wanted))

    def _send(self, card_import: UUID, found: Found) -> None:
        """Send one frame, at most twice. What cannot be sent is left, and does not hold up the others."""
        why = Left.UNSTABLE
        for _ in range(READS):
            try:
                self.server.send_frame(card_import, found.line, found.path)
            except Refused as no:
                if no.code == OTHER_BYTES:
                    self.card.forget()
                    continue
                why = {413: Left.TOO_LARGE, 415: Left.NOT_A_PHOTO}.get(no.status, Left.REFUSED)
            except Changed:
                why = Left.CHANGED
                continue
            except OSError as fault:
                if not self.card.is_there():
                    raise CardOut from fault
                why = Left.UNREADABLE
            else:
                self.outcome.of(found.path).state = State.RECEIVED
                return
            break
        if why in {Left.UNSTABLE, Left.CHANGED} and not self.card.is_there():  # another card's bytes
            raise CardOut
        self.server.leave(card_import, found.line.digest, why)
        self.outcome.of(found.path).leave(why)

    def _receipt(self, announced: Announced, manifest: CardManifest) -> frozenset[str]:
        """The digests that the server has confirmed; none where the card is held as evidence. Raises TryLater, ReceiptRefused."""
        try:
            return confirmed(self.server, self.identity, announced.id, manifest, tell=self.tell, patience=self.patience)
        except Held:
            for fate in self.outcome.fates.values():
                fate.leave(Left.HELD)
            return frozenset()

    @property
    def _held(self) -> bool:
        return any(fate.why is Left.HELD for fate in self.outcome.left)

    def _look_for_traces(self, listing: Listing, wiping: Wiping) -> None:
        """Count the frames of which a block can still be read on the medium. Raises CardOut."""
        self.tell("prove", 0, 0)
        if self.outcome.erased or wiping.traces:
            try:
                for stretch in self.card.stretches():
                    wiping.traces |= self.marks.in_stretch(stretch)
            except OSError as fault:
                raise CardOut from fault
        fates = {found.number: self.outcome.of(found.path) for found in listing.frames}
        wiped = {number for number, fate in fates.items() if fate.state is State.ERASED or fate.why is Left.NOT_PROVED}
        self.outcome.residue = self.marks.frames_found(wiping.traces, erased=wiped) if wiping.traces else 0

    def _certificate(self, card_import: UUID, earlier: frozenset[str]) -> Certificate:
        photos = [fate for fate in self.outcome.fates.values() if fate.digest]
        left = {(str(fate.digest), fate.why or Left.UNREADABLE) for fate in photos if fate.state is State.LEFT}
        erased = {str(fate.digest) for fate in photos if fate.state is State.ERASED} | earlier
        return Certificate(
            card_import=card_import,
            station=self.identity.id,
            method=self.outcome.method,
            erased=tuple(erased - {digest for digest, _ in left}),
            left=tuple(left),
            residue=self.outcome.residue,
            empty=self.outcome.empty,
            filled=self.outcome.filled,
            read_again_at=self.now(),
        )
