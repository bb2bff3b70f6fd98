"""The tray's words and pictures. Decides nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from safelight.consent import queries as consent
from safelight.consent.models import Purpose
from safelight.custody.models import Import
from safelight.intake.assembly import reading
from safelight.intake.models import Sorting
from safelight.intake.tray import Group
from safelight.kernel.actor import Actor
from safelight.patients.identity import Identity
from safelight.photographs import visits
from safelight.photographs.models import EXEMPT, Visit
from safelight.photographs.pictures import Reason
from safelight.photographs.sites import REASONS, name_of

VISITS_SINCE = timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One frame: its picture, or why there is none. `taken` is by the camera's own clock."""

    frame: UUID
    number: int
    has_picture: bool
    instead: str
    taken: datetime | None
    by_camera: str

    @classmethod
    def of(cls, row: Sorting) -> "Tile":
        instead = Reason(row.unreadable).says if row.unreadable else ""
        device = " ".join(word for word in (row.make, row.model) if word)
        return cls(
            frame=row.frame_id,
            number=row.position + 1,
            has_picture=row.thumb_id is not None,
            instead=instead,
            taken=reading(row).taken,
            by_camera=row.camera.code if row.camera else device,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownGroup:
    """Frames that wait for one reason. `name` is of the patient of the slate before them, where the person may know it."""

    why: str
    todo: str
    tiles: tuple[Tile, ...]
    behind: UUID | None
    name: str
    hidden_behind: bool
    evidence: bool

    @property
    def one(self) -> bool:
        return len(self.tiles) == 1


def group_of(group: Group, names: dict[UUID, Identity]) -> ShownGroup:
    """A group of the tray in words."""
    patient = group.behind.patient_id if group.behind else None
    identity = names.get(patient) if patient else None
    return ShownGroup(
        why=group.why.says(len(group.rows)),
        todo=group.why.todo(len(group.rows)),
        tiles=tuple(Tile.of(row) for row in group.rows),
        behind=patient if identity else None,
        name=identity.name if identity else "",
        hidden_behind=patient is not None and identity is None,
        evidence=group.behind is not None and group.behind.evidential,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitChoices:
    """The visits that photos may be filed under; while no consent to photos stands, those alone that need none."""

    choices: list[tuple[str, str]]
    agreed: bool


def visit_choices(actor: Actor, patient_id: UUID, *, behind: UUID | None, now: datetime) -> VisitChoices:
    """The patient's visits of the last two months, newest first, in words."""
    agreed = consent.allows(actor, patient_id, Purpose.TAKE_AND_KEEP, at=now)
    found = [visit for visit in visits.visits_of(actor, patient_id, since=now - VISITS_SINCE) if agreed or visit.recording in EXEMPT]
    return VisitChoices(choices=[(str(visit.pk), _words(visit, behind=behind)) for visit in found], agreed=agreed)


def _words(visit: Visit, *, behind: UUID | None) -> str:
    where = ", ".join(name_of(site.site, site.laterality) for site in visits.sites_of(visit))
    why = REASONS[visit.reason].name if visit.reason in REASONS else visit.reason
    slate = ". Their slate is the one before these photos" if visit.pk == behind else ""
    return f"{where}: {why}, {visit.opened_at:%d %b %H:%M}{slate}"


def import_title(card_import: Import) -> str:
    """Whose camera a card is from, by the register of cards."""
    camera = card_import.card.camera if card_import.card else None
    return f"Photos from {camera.code}" if camera else "Photos from a card that is not on the register"
