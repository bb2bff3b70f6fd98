"""One generic move of a row along its lifecycle."""

from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from django.db import models

from safelight.audit.models import Move
from safelight.kernel.actor import Actor
from safelight.kernel.lifecycle import Lifecycle, NotPossibleNow

S = TypeVar("S", bound=StrEnum)
M = TypeVar("M", bound=StrEnum)


def move(row: models.Model, lifecycle: Lifecycle[S, M], step: M, *, by: Actor, at: datetime, **facts: object) -> None:
    """Move a row by one conditional update, together with the columns that the new state rests on.

    Raises NotPossibleNow when the table has no such move, or when another run has moved the row in the meantime.
    """
    before = type(lifecycle.start)(row.state)  # type: ignore[attr-defined]  # every row with a lifecycle has a state
    after = lifecycle.after(before, step)
    changed = type(row)._default_manager.filter(pk=row.pk, state=before.value).update(state=after.value, **facts)  # noqa: SLF001 - Django's name
    if not changed:
        raise NotPossibleNow(lifecycle.name, row.pk, step.value)
    Move.objects.create(subject=lifecycle.name, row=row.pk, move=step.value, before=before.value, after=after.value, by=by.id, at=at)
    row.state = after.value  # type: ignore[attr-defined]  # as above
    for name, value in facts.items():
        setattr(row, name, value)
