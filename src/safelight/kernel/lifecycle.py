"""States as a table in the words of the domain; one rule for every move."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from safelight.kernel.errors import Refusal

S = TypeVar("S", bound=StrEnum)
M = TypeVar("M", bound=StrEnum)


class NotPossibleNow(Refusal):
    """The thing is in a state from which this move does not lead."""

    code = "kernel.not_possible_now"
    says = "That is not possible now: somebody or something else was first. Look at the page again."
    status = 409


@dataclass(frozen=True, slots=True)
class Lifecycle(Generic[S, M]):
    """A table `(state, move) -> state`. `states` is every state that a row may be in, in order."""

    name: str
    start: S
    table: Mapping[tuple[S, M], S]

    @property
    def states(self) -> tuple[S, ...]:
        return tuple(type(self.start))

    def after(self, state: S, move: M) -> S:
        """The state that follows. Raises NotPossibleNow where the table has no such move."""
        try:
            return self.table[(state, move)]
        except KeyError:
            raise NotPossibleNow(self.name, state.value, move.value) from None
