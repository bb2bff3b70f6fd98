from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.intake import queries
from safelight.intake.errors import AlreadyScanned
from safelight.intake.facts import CardWasSorted
from safelight.intake.gaps import Number
from safelight.intake.lifecycle import Whereabouts
from safelight.intake.models import CardSorted
from safelight.kernel.actor import Actor


@action
def finish_sorting(*, by: Actor, import_id: UUID, numbers_missing: list[Number], now: datetime, new_id: UUID) -> None:
    """Note, once, that every photo of a card has been placed, and which file numbers its evidence lacks (D5)."""
    made = CardSorted(id=new_id, read_in_id=import_id, at=now, numbers_missing=numbers_missing)
    CardSorted.objects.bulk_create([made], ignore_conflicts=True)
    if not CardSorted.objects.filter(pk=new_id).exists():
        raise AlreadyScanned(import_id)
    counts = queries.counts(by, import_id)
    state(
        CardWasSorted(
            read_in=import_id,
            filed=counts[Whereabouts.FILED],
            slates=counts[Whereabouts.SLATE],
            tray=counts[Whereabouts.TRAY],
            numbers_missing=len(numbers_missing),
        )
    )
