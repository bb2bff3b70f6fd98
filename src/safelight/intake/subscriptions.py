"""What intake does about custody's facts. Frames that were sorted before need nothing: a card put in twice files nothing twice (D8)."""

from uuid import UUID

from safelight.audit.listeners import on
from safelight.custody import queries as custody
from safelight.custody.facts import ErasureConfirmed, ErasurePermitted, FrameLeft, FrameReadBack
from safelight.intake import queries
from safelight.intake.tasks import sort_card, sort_frame, sort_import
from safelight.kernel.actor import WORKER
from safelight.outbox.flows import enqueue


@on(FrameReadBack)
def sorting_is_owed(fact: FrameReadBack) -> None:
    """A frame that the vault holds whole is read and sorted, after the receipt of its card where one is to come: nobody waits with
    a card in the reader for what it shows. One that is damaged will never be read: its cards may be ready now.
    """
    if fact.whole:  # the key names the copy: one that was received anew is scanned anew, one that was read back again is not
        if not (fact.arriving and queries.receipt_is_to_come(WORKER, fact.frame)):
            stored = custody.frame(WORKER, fact.frame).stored_id
            enqueue(sort_frame, fact.frame, queue="scan", key=f"sort:{stored}")
        return
    for read_in in queries.imports_of(WORKER, fact.frame):
        _sort(read_in, f"damaged:{fact.frame}")


@on(ErasurePermitted)
def the_receipt_is_out(fact: ErasurePermitted) -> None:
    """Now the card's photos are read, all by one promise. The key counts them: a receipt that is asked for again owes nothing new."""
    if owed := queries.unread(WORKER, fact.read_in):
        enqueue(sort_card, fact.read_in, queue="scan", key=f"sort_card:{fact.read_in}:{len(owed)}")


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
