from datetime import datetime
from uuid import UUID

from safelight.access import queries, rules
from safelight.access.errors import NotForYou, OwnReview, ReviewedAlready
from safelight.access.facts import BreakGlassReviewed
from safelight.access.models import CareRelationship
from safelight.access.rules import Verdict
from safelight.audit.action import action, state
from safelight.kernel.actor import Actor


@action
def review_break_glass(*, by: Actor, relationship_id: UUID, verdict: Verdict, now: datetime) -> None:
    """Say whether a record was rightly opened.

    1. An IG lead, and not the one who opened it.
    2. Once: one update decides between two reviewers.
    """
    if not rules.reviews(by):  # (1)
        raise NotForYou(relationship_id)
    found = queries.opened(by, relationship_id)
    if found.person == by.id:
        raise OwnReview(relationship_id)
    unreviewed = CareRelationship.objects.filter(pk=relationship_id, reviewed_at=None)
    if not unreviewed.update(reviewed_at=now, reviewed_by=by.id, verdict=verdict):  # (2)
        raise ReviewedAlready(relationship_id)
    late = now - found.began_at > rules.REVIEW_WITHIN
    state(BreakGlassReviewed(patient=found.patient_id, relationship=relationship_id, verdict=verdict, late=late))
