"""An answer as it is prepared before it is given: its words sealed, its mark whole."""

from dataclasses import dataclass
from uuid import UUID

from safelight.sharing import sealing
from safelight.sharing.models import Quick


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place on one of the photos: "here". 0 to 1 of the copy as it is shown."""

    item: UUID
    x: float
    y: float

    @property
    def inside(self) -> bool:
        return 0 <= self.x <= 1 and 0 <= self.y <= 1


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AnswerSaid:
    """What somebody answers. `quick` may be empty, `words` are sealed for `id` and may be none."""

    id: UUID
    quick: Quick | None = None
    words: bytes = b""
    mark: Mark | None = None


def say(answer: UUID, *, quick: Quick | None, words: str, mark: Mark | None = None) -> AnswerSaid:
    """An answer with its words sealed. Slow, for it asks the key service: before the action."""
    return AnswerSaid(id=answer, quick=quick, words=sealing.seal_answer(words, answer=answer), mark=mark)
