"""What intake does about custody's facts. Frames that were sorted before need nothing: a card put in twice files nothing twice (D8)."""

from uuid import UUID

from safelight.audit.listeners import on
from safelight.custody import queries as custody
from safelight.custody.facts import CardAnnounced, CardGivenUp, ErasureConfirmed, ErasurePermitted, FrameLeft, FrameReadBack
from safelight.intake import queries
from safelight.intake.queries import Receipt
from safelight.intake.tasks import sort_card, sort_frame, sort_import
from safelight.kernel.actor import WORKER
from safelight.outbox.flows import enqueue


@on(FrameReadBack)
def sorting_is_owed(fact: FrameReadBack) -> None:
    """A frame that the vault holds whole is read and sorted, after the receipt of its card where one is to come: nobody waits with
    a card in the reader for what it shows. Nor is one whose card is still being read: nobody knows what it lies beside. One that is
    damaged will never be read: its cards may be ready now.
    """
    if fact.whole:  # the key names the copy: one that was received anew is scanned anew, one that was read back again is not
        receipt = queries.receipt(WORKER, fact.frame)
        if receipt is Receipt.NONE_TO_COME or (receipt is Receipt.TO_COME and not fact.arriving):
            stored = custody.frame(WORKER, fact.frame).stored_id
            enqueue(sort_frame, fact.frame, queue="scan", key=f"sort:{stored}")
        return
    for read_in in queries.imports_of(WORKER, fact.frame):
        _sort(read_in, f"damaged:{fact.frame}")


@on(CardAnnounced)
def a_card_may_get_no_receipt(fact: CardAnnounced) -> None:
    """What came of it before it was announced is read now, where no receipt will ask for it: a card that is held as evidence."""
    if owed := queries.unread_without_receipt(WORKER, fact.read_in):
        enqueue(sort_card, fact.read_in, queue="scan", key=f"sort_card:{fact.read_in}:held:{len(owed)}")


@on(ErasurePermitted)
def the_receipt_is_out(fact: ErasurePermitted) -> None:
    """Now the card's photos are read, all by one promise. The key counts them: a receipt that is asked for again owes nothing new."""
    if owed := queries.unread(WORKER, fact.read_in):
        enqueue(sort_card, fact.read_in, queue="scan", key=f"sort_card:{fact.read_in}:{len(owed)}")


@on(CardGivenUp)
def its_photos_are_looked_at(fact: CardGivenUp) -> None:
    """No receipt will ask for them. One that is not read back yet follows when it is."""
    enqueue(sort_card, fact.read_in, queue="scan", key=f"sort_card:{fact.read_in}:given_up")


@on(FrameLeft)
def a_frame_stays_on_the_card(fact: FrameLeft) -> None:
    """The others of its card do not wait for it."""
    _sort(fact.read_in, f"left:{fact.frame}")


@on(ErasureConfirmed)
def the_card_is_done(fact: ErasureConfirmed) -> None:
    """Nothing more comes from this reading of the card."""
    _sort(fact.read_in, "done")


def _sort(read_in: UUID, occasion: str) -> None:
    enqueue(sort_import, read_in, queue="scan", key=f"sort_card:{read_in}:{occasion}")
