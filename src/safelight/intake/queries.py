"""What an actor may know of frames on their way into a record."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import Enum, auto
from uuid import UUID

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from safelight.audit import rows
from safelight.custody.lifecycle import FrameState
from safelight.custody.models import Import, Place
from safelight.intake import rules
from safelight.intake.lifecycle import Whereabouts
from safelight.intake.models import CardSorted, Sorting
from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.errors import NotFound

NEVER_COME = (FrameState.LEFT, FrameState.DAMAGED)
SAFE = (FrameState.VERIFIED, FrameState.RELEASED, FrameState.ERASED)
NO_RECEIPT_SINCE = timedelta(minutes=1)
NO_LOOK_SINCE = timedelta(minutes=10)
LOOKED_FOR = timedelta(days=7)
MOST_FORGOTTEN = 500
_FIRST = ("read_in__announced_at", "read_in", "position")


# Asked for every photo that arrives.
_RECEIPT = """
    SELECT MAX(CASE WHEN import.permitted_at IS NULL AND import.finished_at IS NULL AND NOT import.held THEN 1 ELSE 0 END)
    FROM custody_place AS place JOIN custody_import AS import ON import.id = place.read_in_id WHERE place.frame_id = %s
"""


def insider(actor: Actor) -> bool:
    """Whether the actor is one of the house: a person signed in, the worker or an operator."""
    return actor.kind in {ActorKind.STAFF, ActorKind.WORKER, ActorKind.OPERATOR}


def sorting(actor: Actor, frame_id: UUID) -> Sorting:
    """Where a frame is on its way. Raises NotFound for one that was not read yet."""
    found = Sorting.objects.select_related("frame__stored", "preview", "thumb").filter(frame=frame_id).first()
    if not insider(actor) or found is None:
        raise NotFound(frame_id)
    return found


def scanned(actor: Actor, frame_id: UUID) -> bool:
    """Whether it is recorded already what a frame shows."""
    return insider(actor) and Sorting.objects.filter(frame=frame_id).exists()


class Receipt(Enum):
    """Whether a receipt will be asked for of a card that a frame is on."""

    TO_COME = auto()
    NONE_TO_COME = auto()
    CARD_NOT_ANNOUNCED = auto()


def receipt(actor: Actor, frame_id: UUID) -> Receipt:
    """Whether a station is still to ask for the receipt of a card that the frame is on."""
    to_come = rows.value(_RECEIPT, frame_id) if insider(actor) else None
    if to_come is None:
        return Receipt.CARD_NOT_ANNOUNCED
    return Receipt.TO_COME if to_come else Receipt.NONE_TO_COME


def unread_without_receipt(actor: Actor, import_id: UUID) -> list[UUID]:
    """The frames of an import that nobody has looked at, though it waits for no receipt."""
    waits = Import.objects.filter(pk=import_id, permitted_at=None, finished_at=None, held=False).exists()
    return [] if waits else unread(actor, import_id)


def unread(actor: Actor, import_id: UUID) -> list[UUID]:
    """The frames of an import that are safe and that nobody has looked at, in shooting order."""
    if not insider(actor):
        return []
    places = Place.objects.filter(read_in=import_id, frame__state__in=SAFE)
    unseen = places.filter(~Exists(Sorting.objects.filter(frame=OuterRef("frame"))))
    return list(dict.fromkeys(unseen.order_by("position").values_list("frame", flat=True)))


def forgotten(actor: Actor, *, now: datetime) -> list[tuple[UUID, UUID]]:
    """Frames of the last days, with their copies, that are safe and that nobody has looked at, though their card got no receipt
    for a while, or got it long ago.
    """
    if not insider(actor):
        return []
    late = Q(read_in__permitted_at=None, frame__verified_at__lt=now - NO_RECEIPT_SINCE) | Q(read_in__permitted_at__lt=now - NO_LOOK_SINCE)
    places = Place.objects.filter(late, read_in__announced_at__gt=now - LOOKED_FOR, frame__state__in=SAFE)
    unseen = places.filter(~Exists(Sorting.objects.filter(frame=OuterRef("frame"))))
    return list(unseen.order_by().values_list("frame", "frame__stored").distinct()[:MOST_FORGOTTEN])


def imports_with(actor: Actor, import_id: UUID) -> list[UUID]:
    """An import, and the imports of all other cards that a frame of it was found on."""
    if not insider(actor):
        return []
    here = Place.objects.filter(read_in=import_id).values("frame")
    others = Place.objects.filter(frame__in=here).order_by("read_in__announced_at", "read_in")
    return list(dict.fromkeys(others.values_list("read_in", flat=True)))


def first_place(actor: Actor, frame_id: UUID) -> Place:
    """Where a frame lay when it was first announced. Raises NotFound."""
    found = first_places(actor, [frame_id])
    if not found:
        raise NotFound(frame_id)
    return found[0]


def belongs(actor: Actor, frame_id: UUID) -> tuple[UUID, int]:
    """The import that announced a frame first, and the frame's position there. Raises NotFound."""
    places = Place.objects.filter(frame=frame_id).order_by(*_FIRST).values_list("read_in", "position")
    found = places.first() if insider(actor) else None
    if found is None:
        raise NotFound(frame_id)
    return found


def first_places(actor: Actor, frames: Sequence[UUID]) -> list[Place]:
    """Where some frames lay when they were first announced, in the order in which they are asked for; those that lay nowhere left out."""
    if not insider(actor):
        return []
    places = Place.objects.filter(frame__in=frames).select_related("read_in", "frame__stored")
    first: dict[UUID, Place] = {}
    for place in places.order_by(*_FIRST):
        first.setdefault(place.frame_id, place)
    return [first[frame] for frame in frames if frame in first]


def begins_its_card(actor: Actor, place: Place) -> bool:
    """Whether nothing lies before a place on its card: there a slate is expected."""
    return insider(actor) and not Place.objects.filter(read_in=place.read_in_id, position__lt=place.position).exists()


def imports_of(actor: Actor, frame_id: UUID) -> list[UUID]:
    """The imports of all cards that a frame was found on, in order."""
    if not insider(actor):
        return []
    found = Place.objects.filter(frame=frame_id).order_by("read_in__announced_at", "read_in")
    return list(dict.fromkeys(found.values_list("read_in", flat=True)))


def undecided(actor: Actor) -> list[UUID]:
    """The imports with photos that were read and wait for others of their card."""
    if not insider(actor):
        return []
    return list(Sorting.objects.filter(state=Whereabouts.READ).order_by().values_list("read_in", flat=True).distinct())


def missing(actor: Actor, import_id: UUID, *, now: datetime) -> tuple[set[UUID], set[UUID]]:
    """The frames of a card that have not been read: those that are still to come, and those that will never be."""
    if not insider(actor):
        return set(), set()
    here = Place.objects.filter(read_in=import_id).exclude(
        frame__in=Sorting.objects.filter(frame__places__read_in=import_id).values("frame")
    )
    states = dict(here.values_list("frame", "frame__state"))
    lost = {frame for frame, state in states.items() if state in NEVER_COME}
    unheard = {frame for frame, state in states.items() if state == FrameState.ANNOUNCED}
    if unheard and rules.given_up(_last_heard(import_id, unheard), now=now):
        lost |= unheard
    return set(states) - lost, lost


def _last_heard(import_id: UUID, frames: set[UUID]) -> datetime:
    """When a station last announced one of these frames or sent another of their card."""
    announced: datetime = Import.objects.filter(places__frame__in=frames).aggregate(last=Max("announced_at"))["last"]
    received: datetime | None = Place.objects.filter(read_in=import_id).aggregate(last=Max("frame__received_at"))["last"]
    return max(announced, received or announced)


def sortings_of(actor: Actor, import_id: UUID) -> QuerySet[Sorting]:
    """The frames that lie on the card of an import and have been read, in shooting order of the card they were first on."""
    if not insider(actor):
        return Sorting.objects.none()
    found = Sorting.objects.filter(frame__places__read_in=import_id).select_related("frame", "visit", "behind")
    return found.order_by("read_in", "position").distinct()


def counts(actor: Actor, import_id: UUID) -> Counter[Whereabouts]:
    """How many frames of an import's card are where."""
    states = sortings_of(actor, import_id).order_by().values_list("pk", "state").distinct()
    return Counter(Whereabouts(state) for _, state in states)


def card_sorted(actor: Actor, import_id: UUID) -> CardSorted | None:
    """The note that a card has been sorted, None before."""
    return CardSorted.objects.filter(read_in=import_id).first() if insider(actor) else None
