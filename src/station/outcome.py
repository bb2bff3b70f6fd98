"""What became of a card, file by file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from handover.reasons import Left
from station import methods
from station.names import inside
from station.reading import Listing

Tell = Callable[[str, int, int], None]  # the step, and how much of it is done


class State(StrEnum):
    """How far a file is. `left` stays on the card, with a reason."""

    ANNOUNCED = "announced"
    RECEIVED = "received"
    RELEASED = "released"
    ERASED = "erased"
    LEFT = "left"


@dataclass(slots=True)
class Fate:
    """What became of one file: `digest` is None where it is no frame, or could not be read."""

    name: str
    digest: str | None
    is_photo: bool
    state: State
    why: Left | None = None

    def leave(self, why: Left) -> None:
        """The file stays on the card."""
        self.state, self.why = State.LEFT, why


@dataclass(slots=True)
class Outcome:
    """What became of a card.

    `residue` counts frames of which a block could still be read, `empty` says that no file was found on it afterwards, `filled`
    that its free space was overwritten. `method` is the certificate's; only where it is of the whole card, all of the medium was read.
    """

    kind: str
    fates: dict[Path, Fate] = field(default_factory=dict)
    residue: int = 0
    empty: bool = False
    filled: bool = False
    method: str = methods.FILES
    seconds: float = 0.0

    def enter(self, root: Path, listing: Listing) -> None:
        """Name everything that was found."""
        for found in listing.frames:
            self.fates[found.path] = Fate(inside(root, found.path), found.line.digest, is_photo=True, state=State.ANNOUNCED)
        for path, line in listing.others:
            is_photo = line.why is not Left.UNKNOWN_FILE
            self.fates[path] = Fate(line.path, None, is_photo=is_photo, state=State.LEFT, why=line.why)
        for path, digest in listing.half:
            self.fates[path] = Fate(inside(root, path), digest, is_photo=True, state=State.RELEASED)

    def of(self, path: Path) -> Fate:
        return self.fates[path]

    @property
    def erased(self) -> int:
        """Frames that are on the card no more."""
        return sum(fate.is_photo and fate.state is State.ERASED for fate in self.fates.values())

    @property
    def left(self) -> list[Fate]:
        return [fate for fate in self.fates.values() if fate.state is State.LEFT]

    @property
    def whole(self) -> bool:
        """Whether the whole medium was wiped at once."""
        return self.method in methods.WHOLE

    @property
    def clean(self) -> bool:
        """Whether the card is empty and nothing on it can be read any more."""
        return self.empty and not self.left and not self.residue

    def as_json(self) -> dict[str, object]:
        """As docs/operate/station.md has it."""
        photos = [fate for fate in self.fates.values() if fate.is_photo]
        return {
            "card": self.kind,
            "frames": [
                {"name": fate.name, "sha256": fate.digest, "state": fate.state.value, "reason": fate.why.value if fate.why else ""}
                for fate in photos
            ],
            "erased": self.erased,
            "left": [{"name": fate.name, "reason": fate.why.value if fate.why else ""} for fate in self.left],
            "residue": self.residue,
            "seconds": self.seconds,
        }
