"""What happens to visits, slates and photographs, as the ledger keeps it."""

from dataclasses import dataclass
from uuid import UUID

from safelight.kernel.facts import Fact


@dataclass(frozen=True, kw_only=True)
class PhotographFiled(Fact):
    photograph: UUID
    patient: UUID
    visit: UUID
    frame: UUID


@dataclass(frozen=True, kw_only=True)
class TimelineSeen(Fact):
    patient: UUID
    site: str
    photographs: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class PhotographSeen(Fact):
    patient: UUID
    photograph: UUID


@dataclass(frozen=True, kw_only=True)
class RecordCopyFetched(Fact):
    patient: UUID
    photograph: UUID
    why: str


@dataclass(frozen=True, kw_only=True)
class WhoLookedSeen(Fact):
    patient: UUID


@dataclass(frozen=True, kw_only=True)
class SiteSet(Fact):
    patient: UUID
    photograph: UUID
    site: str
    laterality: str
    view: str


@dataclass(frozen=True, kw_only=True)
class ViewNamed(Fact):
    """A person said which view a photo is."""

    patient: UUID
    photograph: UUID
    view: str


@dataclass(frozen=True, kw_only=True)
class ViewSetChanged(Fact):
    """Which views are wanted for a reason from now on, in the order in which they are taken: of a ward's patients, where one is named.

    `as_everywhere` says that the ward has no list of its own any more.
    """

    reason: str
    views: tuple[str, ...]
    ward: str = ""
    as_everywhere: bool = False


@dataclass(frozen=True, kw_only=True)
class ScaleSet(Fact):
    """Somebody said how long the ruler in a photo is. Where it lies and how long it is stays in the record."""

    patient: UUID
    photograph: UUID
    scale: UUID
    instead_of: UUID | None


@dataclass(frozen=True, kw_only=True)
class ScaleRemoved(Fact):
    patient: UUID
    photograph: UUID
    scale: UUID


@dataclass(frozen=True, kw_only=True)
class MoveProposed(Fact):
    """A person was shown to whom a photo might be moved."""

    patient: UUID
    photograph: UUID


@dataclass(frozen=True, kw_only=True)
class PhotographMoved(Fact):
    """A photo is another patient's from now on. Whatever was shown of it under `was_under` is to be taken back."""

    photograph: UUID
    patient: UUID
    visit: UUID
    was_under: UUID
    why: str


@dataclass(frozen=True, kw_only=True)
class TombstonesSet(Fact):
    patient: UUID
    photographs: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class VisitOpened(Fact):
    """`sites` counts the body sites; which they are, and what was recorded, is clinical content and stays in the record."""

    visit: UUID
    patient: UUID
    consent: UUID | None
    exempt: bool
    check_out: UUID | None
    evidential: bool
    sites: int


@dataclass(frozen=True, kw_only=True)
class SlateShown(Fact):
    visit: UUID
    patient: UUID
    slate: UUID


@dataclass(frozen=True, kw_only=True)
class SlatePrinted(Fact):
    visit: UUID
    patient: UUID
    slate: UUID


@dataclass(frozen=True, kw_only=True)
class MyDayShown(Fact):
    """Somebody saw the name of a patient whose visit they opened today, in the list on Home."""

    patient: UUID


@dataclass(frozen=True, kw_only=True)
class NewCopyTaken(Fact):
    """A record copy that broke gave way to one that came from the card anew."""

    patient: UUID
    photograph: UUID
    stored: UUID
    broken: UUID
