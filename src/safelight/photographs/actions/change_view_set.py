from collections.abc import Sequence
from datetime import datetime

from safelight.audit.action import action, state
from safelight.kernel.actor import Actor
from safelight.photographs import rules
from safelight.photographs.errors import UnknownView, ViewSetsAreKept
from safelight.photographs.facts import ViewSetChanged
from safelight.photographs.models import View, ViewSet
from safelight.photographs.sites import REASONS


@action
def change_view_set(*, by: Actor, reason: str, views: Sequence[View], now: datetime) -> None:
    """Say which views are wanted of what is photographed for a reason, in the order in which they are taken.

    1. The photographers and the administrators say so.
    2. The reason and the views are of the lists, each view once.
    """
    if not rules.may_keep_view_sets(by):  # (1)
        raise ViewSetsAreKept(reason)
    if reason not in REASONS or View.UNKNOWN in views or len(set(views)) != len(views):  # (2)
        raise UnknownView(reason)
    said = [view.value for view in views]
    ViewSet.objects.update_or_create(reason=reason, defaults={"views": said, "changed_by": by.id, "changed_at": now})
    state(ViewSetChanged(reason=reason, views=tuple(said)))
