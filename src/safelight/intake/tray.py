"""The tray: what waits on which card, in groups, and who may look at it. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from safelight.custody import queries as custody
from safelight.custody import rules as custody_rules
from safelight.custody.models import CheckOut, Import
from safelight.intake import assembly, queries
from safelight.intake.errors import NotForYou
from safelight.intake.lifecycle import Whereabouts
from safelight.intake.models import Sorting, TrayPermit
from safelight.intake.reasons import Why
from safelight.intake.rules import GAP, may_sort
from safelight.kernel.actor import Actor
from safelight.kernel.errors import NotFound
from safelight.photographs.models import Visit
from safelight.vault.models import Rendition, StoredObject

PERMIT_GOOD_FOR = timedelta(seconds=60)
LONGEST_LIST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Frames that wait for one reason, one after the other. `behind` is the visit of the slate before them, where there is one."""

    why: Why
    rows: tuple[Sorting, ...]
    behind: Visit | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A card with frames in the tray, and how many."""

    card_import: Import
    count: int


def require_sorter(actor: Actor, import_id: UUID) -> Import:
    """The import, for whoever may sort what waits of it. Raises NotFound, NotForYou."""
    card_import = Import.objects.select_related("card__camera", "check_out", "station").filter(pk=import_id).first()
    if not queries.insider(actor) or card_import is None:
        raise NotFound(import_id)
    if not may_sort(actor, held_camera=held_camera(actor, card_import)):
        raise NotForYou(import_id)
    return card_import


def sorts(actor: Actor, card_import: Import) -> bool:
    """Whether the actor may sort what waits of an import."""
    return may_sort(actor, held_camera=held_camera(actor, card_import))


def held_camera(actor: Actor, card_import: Import) -> bool:
    """Whether the actor had one of the cameras that took the photos of a card, or the camera that the card belongs to."""
    return any(out.person_id == actor.id for out in check_outs(actor, card_import))


def check_outs(actor: Actor, card_import: Import) -> list[CheckOut]:
    """Who had the cameras of a card when its photos were taken."""
    cameras: set[UUID | None] = set(queries.sortings_of(actor, card_import.pk).order_by().values_list("camera", flat=True))
    if card_import.card is not None:
        cameras.add(card_import.card.camera_id)
    found = [assembly.last_out(actor, camera, before=card_import.announced_at) for camera in cameras]
    return [out for out in (*found, card_import.check_out) if out is not None]


def may_be_evidence(actor: Actor, card_import: Import, rows: Iterable[Sorting]) -> bool:
    """Whether frames may belong to a safeguarding or forensic sequence: by the slate before them, or by the camera that was out for one."""
    if any(visit.evidential for row in rows for visit in (row.behind, row.visit) if visit is not None):
        return True
    held = custody_rules.held_for_evidence(card_import.card, evidential_open=custody.evidential_open(actor))
    return held or card_import.held or any(out.evidential for out in check_outs(actor, card_import))


def waiting(actor: Actor, import_id: UUID, *, state: Whereabouts = Whereabouts.TRAY) -> list[Sorting]:
    """The frames of a card that wait in the tray, or were set aside, in the order of the card."""
    return list(queries.sortings_of(actor, import_id).filter(state=state).select_related("frame", "behind", "visit", "camera"))


def chosen(actor: Actor, import_id: UUID, positions: Iterable[int], *, state: Whereabouts = Whereabouts.TRAY) -> list[Sorting]:
    """The frames of a card at these places that wait. Frames that are not there any more are left out."""
    wanted = set(positions)
    return [row for row in waiting(actor, import_id, state=state) if row.position in wanted]


def groups(rows: Sequence[Sorting]) -> list[Group]:
    """Frames in groups: one reason, one slate before them, and no three minutes between one and the next."""
    found: list[list[Sorting]] = []
    for row in rows:
        last = found[-1][-1] if found else None
        if last is not None and _together(last, row):
            found[-1].append(row)
        else:
            found.append([row])
    return [Group(why=Why(rows[0].why), rows=tuple(rows), behind=rows[0].behind) for rows in found]


def _together(before: Sorting, after: Sorting) -> bool:
    if (before.why, before.behind_id, before.read_in_id) != (after.why, after.behind_id, after.read_in_id):
        return False
    if before.camera_time is None or after.camera_time is None:
        return True
    return abs(after.camera_time - before.camera_time) < GAP


def cards_waiting(actor: Actor) -> list[Waiting]:
    """Every card with frames in the tray that the actor may sort, the oldest first."""
    if not queries.insider(actor):
        return []
    counted: dict[UUID, int] = {}
    for read_in in Sorting.objects.filter(state=Whereabouts.TRAY).values_list("read_in", flat=True):
        counted[read_in] = counted.get(read_in, 0) + 1
    imports = Import.objects.filter(pk__in=list(counted)).select_related("card__camera", "check_out", "station").order_by("announced_at")
    return [Waiting(one, counted[one.pk]) for one in imports if sorts(actor, one)][:LONGEST_LIST]


def permitted(actor: Actor, frame_id: UUID, rendition: Rendition, *, now: datetime) -> StoredObject:
    """The object that an unexpired permit of the actor's sign-in opens. Raises NotFound in every other case."""
    row = queries.sorting(actor, frame_id)
    permits = TrayPermit.objects.filter(sign_in=actor.sign_in, rendition=rendition, until__gt=now) if actor.sign_in else []
    stored = row.preview if rendition is Rendition.PREVIEW else row.thumb
    in_tray = row.state in {Whereabouts.TRAY, Whereabouts.SET_ASIDE}
    if stored is None or not in_tray or not any(str(frame_id) in permit.frames for permit in permits):
        raise NotFound(frame_id)
    return stored
