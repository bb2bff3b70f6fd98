"""One generic move of a row along its lifecycle, and of many rows at once."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from django.db import models

from safelight.audit import rows
from safelight.audit.models import Move
from safelight.kernel.actor import Actor
from safelight.kernel.lifecycle import Lifecycle, NotPossibleNow

S = TypeVar("S", bound=StrEnum)
M = TypeVar("M", bound=StrEnum)
AT_ONCE = 500  # rows in one statement: databases take so many values and no more


def move(row: models.Model, lifecycle: Lifecycle[S, M], step: M, *, by: Actor, at: datetime, **facts: object) -> None:
    """Move a row by one conditional update, together with the columns that the new state rests on.

    Raises NotPossibleNow when the table has no such move, or when another run has moved the row in the meantime.
    """
    before = type(lifecycle.start)(row.state)  # type: ignore[attr-defined]  # every row with a lifecycle has a state
    after = lifecycle.after(before, step)
    if not rows.change(row, where={"state": before.value}, to={"state": after.value, **facts}):
        raise NotPossibleNow(lifecycle.name, row.pk, step.value)
    rows.add(Move(subject=lifecycle.name, row=row.pk, move=step.value, before=before.value, after=after.value, by=by.id, at=at))
    _note(row, state=after.value, **facts)


def move_all(many: Sequence[models.Model], lifecycle: Lifecycle[S, M], step: M, *, by: Actor, at: datetime, **facts: object) -> None:
    """Move rows of one model that are in one state, as `move` does each, with the same facts: all of them, or NotPossibleNow."""
    for begin in range(0, len(many), AT_ONCE):
        some = many[begin : begin + AT_ONCE]
        (state,) = {row.state for row in some}  # type: ignore[attr-defined]  # every row with a lifecycle has a state
        before = type(lifecycle.start)(state)
        after = lifecycle.after(before, step)
        keys = [row.pk for row in some]
        found = type(some[0])._default_manager.filter(pk__in=keys, state=before.value)  # noqa: SLF001 - Django's name
        if found.update(state=after.value, **facts) != len(some):
            raise NotPossibleNow(lifecycle.name, step.value)
        how = {"subject": lifecycle.name, "move": step.value, "before": before.value, "after": after.value, "by": by.id, "at": at}
        rows.add_all([Move(row=key, **how) for key in keys])
        for row in some:
            _note(row, state=after.value, **facts)


def _note(row: models.Model, **values: object) -> None:
    for name, value in values.items():
        setattr(row, name, value)
