from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.audit.moves import move
from safelight.intake import queries, tray
from safelight.intake.errors import NotConfirmed, NothingChosen, SomebodyWasFirst
from safelight.intake.facts import FramesFiledByHand
from safelight.intake.lifecycle import SORTING, SortingMove
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.patients import queries as patients
from safelight.photographs.actions.file_photograph import file_photograph
from safelight.photographs.errors import AlreadyFiled
from safelight.photographs.filing import Filing
from safelight.photographs.models import Visit


@action
def file_by_hand(
    *, by: Actor, import_id: UUID, patient_id: UUID, visit_id: UUID, filings: tuple[Filing, ...], confirmed: bool, now: datetime
) -> None:
    """File frames of the tray where a person says they belong: all of them, or none.

    1. The actor may sort this card, and the visit is this patient's.
    2. Number and birth date were confirmed beside the photos (E2).
    3. Each frame still waits in this tray: of two people one files, the other is told.
    4. The record asks for access to the patient, for consent, and who files evidence.
    """
    tray.require_sorter(by, import_id)  # (1)
    patient = patients.patient(by, patient_id)
    visit = Visit.objects.filter(pk=visit_id).first()
    if visit is None or patients.patient(by, visit.patient_id).pk != patient.pk:
        raise NotFound(visit_id)
    if not filings:
        raise NothingChosen(import_id)
    if not confirmed:  # (2)
        raise NotConfirmed(patient_id)
    here = {row.frame_id for row in tray.waiting(by, import_id)}
    for filing in filings:
        if filing.frame not in here or filing.visit != visit_id:  # (3)
            raise SomebodyWasFirst(filing.frame)
        row = queries.sorting(by, filing.frame)
        try:
            move(row, SORTING, SortingMove.FILE, by=by, at=now, visit_id=visit_id, why="", placed_at=now, placed_by=by.id)
            file_photograph(by=by, filing=filing, now=now)  # (4)
        except (NotPossibleNow, AlreadyFiled):
            raise SomebodyWasFirst(filing.frame) from None
    state(FramesFiledByHand(read_in=import_id, patient=patient.pk, visit=visit_id, frames=tuple(filing.frame for filing in filings)))
