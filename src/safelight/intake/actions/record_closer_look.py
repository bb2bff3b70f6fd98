from datetime import datetime
from uuid import UUID, uuid5

from safelight.audit.action import action, state
from safelight.intake import queries
from safelight.intake.errors import AlreadyScanned
from safelight.intake.facts import FrameLookedAtClosely
from safelight.intake.models import SlateOnFrame, Sorting
from safelight.kernel.actor import Actor


@action
def record_closer_look(*, by: Actor, frame_id: UUID, slates: tuple[str, ...], unread_symbol: bool, now: datetime) -> None:  # noqa: ARG001 - every action is told who acts
    """Record what a second, closer look for a slate has found. It is taken once."""
    sorting = queries.sorting(by, frame_id)
    if not Sorting.objects.filter(pk=sorting.pk, closely=False).update(closely=True, unread_symbol=unread_symbol):
        raise AlreadyScanned(frame_id)
    SlateOnFrame.objects.bulk_create(SlateOnFrame(id=uuid5(sorting.pk, code), sorting=sorting, code=code) for code in slates)
    state(FrameLookedAtClosely(frame=frame_id, slates=len(slates)))
