"""The draft of a covered copy: who may change it, and that nobody changes what they have not seen."""

from datetime import datetime
from uuid import UUID

from safelight.access import queries as access
from safelight.deidentify import queries, rules
from safelight.deidentify.errors import ChangedMeanwhile, NotOpened, PhotographersEvidence
from safelight.deidentify.models import CoveredCopy
from safelight.kernel.actor import Actor
from safelight.photographs.models import Photograph
from safelight.photographs.rules import may_handle


def for_change(by: Actor, photograph_id: UUID, *, version: int, now: datetime) -> tuple[Photograph, CoveredCopy]:
    """Inside an action: a photo, locked, and its draft, for somebody who may change it and has seen its newest version.

    Raises NotFound, NoCareRelationship, PhotographersEvidence, NotOpened, ChangedMeanwhile.
    """
    [photograph] = queries.locked(by, [photograph_id])
    access.require(by, photograph.patient_id, now=now)
    if not may_handle(by, photograph.visit):
        raise PhotographersEvidence(photograph_id)
    newest = queries.newest_copy(by, photograph_id)
    if newest is None or not queries.opened(by, photograph):
        raise NotOpened(photograph_id)
    if not rules.is_draft(newest, photograph, version=version):
        raise ChangedMeanwhile(newest.changed_by, newest.changed_at)
    return photograph, newest


def changed(by: Actor, draft: CoveredCopy, *, now: datetime, turn: int) -> int:
    """Inside an action: the draft's next version."""
    newer = draft.version + 1
    CoveredCopy.objects.filter(pk=draft.pk, version=draft.version).update(version=newer, turn=turn, changed_by=by.id, changed_at=now)
    return newer
