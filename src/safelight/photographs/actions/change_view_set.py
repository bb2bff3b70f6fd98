from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.photographs import rules
from safelight.photographs.errors import UnknownView, ViewSetsAreKept
from safelight.photographs.facts import ViewSetChanged
from safelight.photographs.models import View, ViewSet, WardViewSet
from safelight.photographs.sites import REASONS
from safelight.staff import queries as staff


@action
def change_view_set(*, by: Actor, reason: str, views: Sequence[View] | None, now: datetime, new_id: UUID, ward: str = "") -> None:
    """Say which views are wanted of what is photographed for a reason, in the order in which they are taken.

    1. The photographers and the administrators say so.
    2. The ward, the reason and the views are of the lists, each view once.
    3. A ward's list goes before the hospital's for its patients; without views (None) it goes as everywhere else.
    """
    if not rules.may_keep_view_sets(by):  # (1)
        raise ViewSetsAreKept(reason)
    said = [view.value for view in views or ()]
    if reason not in REASONS or View.UNKNOWN in said or len(set(said)) != len(said) or (views is None and not ward):  # (2)
        raise UnknownView(reason)
    if ward and staff.ward(by, ward) is None:
        raise UnknownView(ward)
    facts = {"views": said, "changed_by": by.id, "changed_at": now}
    if views is None:  # (3)
        WardViewSet.objects.filter(ward=ward, reason=reason).delete()
    elif ward:
        WardViewSet.objects.update_or_create(ward=ward, reason=reason, defaults=facts, create_defaults={"id": new_id, **facts})
    else:
        ViewSet.objects.update_or_create(reason=reason, defaults=facts)
    state(ViewSetChanged(reason=reason, views=tuple(said), ward=ward, as_everywhere=views is None))
