"""Waiting for the receipt: the one thing that lets a station take a photo away, from a card or from a camera on a cable."""

import time
from collections.abc import Callable
from uuid import UUID

from handover.manifest import CardManifest
from handover.note import VerifierKey
from handover.receipt import read_receipt
from station.home import Identity
from station.server import Refused, Server, TryLater

NOT_YET = "custody.not_yet_verified"
HELD = "custody.held_for_evidence"


class Held(Exception):
    """The card may be evidence: nothing is taken away until a named person releases it."""


def confirmed(
    server: Server, identity: Identity, card_import: UUID, manifest: CardManifest, *, tell: Callable[[str, int, int], None], patience: float
) -> frozenset[str]:
    """The digests that the server has confirmed, asked for until every frame is at rest or `patience` (seconds) is over.

    Raises Held, TryLater, Refused, and ReceiptRefused where the receipt is not genuine or is for another card.
    """
    deadline, pause = time.monotonic() + patience, 0.05
    while True:
        tell("check", 0, 0)
        try:
            note = server.receipt(card_import)
        except Refused as no:
            if no.code == HELD:
                raise Held from no
            if no.code != NOT_YET:
                raise
            if time.monotonic() > deadline:
                raise TryLater(no.says) from no
            time.sleep(pause)
            pause = min(1.0, pause * 1.5)
            continue
        keys = [VerifierKey.parse(identity.vkey)]
        receipt = read_receipt(note, keys=keys, card_import=card_import, station=identity.id, manifest=manifest.digest)
        return frozenset(receipt.digests)
