"""What an actor may know of cameras, cards, imports and frames."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from safelight.audit import rows
from safelight.custody import rules
from safelight.custody.lifecycle import CameraState, FrameState
from safelight.custody.models import Camera, Card, CheckOut, EnrolmentCode, Frame, Import, LeftOver, Place, Station
from safelight.kernel.actor import Actor, ActorKind
from safelight.kernel.digest import Digest
from safelight.kernel.errors import NotFound

BACK_GRACE = timedelta(minutes=10)


# Asked twice for every photo that arrives.
_FRAME_IN = """
    SELECT frame.* FROM custody_frame AS frame WHERE frame.digest = %s AND EXISTS (
        SELECT 1 FROM custody_place AS place JOIN custody_import AS import ON import.id = place.read_in_id
        WHERE place.frame_id = frame.id AND import.id = %s AND import.station_id = %s
    )
"""
_FRAME_OF = """
    SELECT frame.* FROM custody_frame AS frame WHERE frame.digest = %s AND (
        EXISTS (SELECT 1 FROM custody_expected AS expected WHERE expected.frame_id = frame.id AND expected.station_id = %s)
        OR EXISTS (
            SELECT 1 FROM custody_place AS place JOIN custody_import AS import ON import.id = place.read_in_id
            WHERE place.frame_id = frame.id AND import.station_id = %s
        )
    )
"""
_ENROLLED = "SELECT id FROM custody_station WHERE credential_digest = %s AND revoked_at IS NULL"


def _insider(actor: Actor) -> bool:
    return actor.kind in {ActorKind.STAFF, ActorKind.WORKER, ActorKind.OPERATOR}


def enrolled(credential_digest: Digest) -> UUID | None:
    """The station with this credential, None where it was revoked or never given."""
    found = rows.value(_ENROLLED, credential_digest)
    return UUID(str(found)) if found else None


def import_for_station(actor: Actor, import_id: UUID) -> Import:
    """An import of the asking station. Raises NotFound for another's, and for what a person has made of a card that was given up."""
    found = Import.objects.select_related("card").filter(pk=import_id, station_id=actor.id, given_up="").first()
    if actor.kind is not ActorKind.STATION or found is None:
        raise NotFound(import_id)
    return found


def frame_in(actor: Actor, import_id: UUID, digest: str) -> Frame:
    """A frame of the asking station's import. Raises NotFound."""
    found = rows.first(Frame, _FRAME_IN, digest, import_id, actor.id)
    if actor.kind is not ActorKind.STATION or found is None:
        raise NotFound(import_id)
    return found


def frame_of(actor: Actor, digest: str) -> Frame:
    """A frame that the asking station has told of, with its card or while it was reading it. Raises NotFound."""
    found = rows.first(Frame, _FRAME_OF, digest, actor.id, actor.id)
    if actor.kind is not ActorKind.STATION or found is None:
        raise NotFound
    return found


def frame(actor: Actor, frame_id: UUID) -> Frame:
    """A frame by its id, for the worker and for staff pages that have checked access. Raises NotFound."""
    found = Frame.objects.select_related("stored").filter(pk=frame_id).first()
    if not _insider(actor) or found is None:
        raise NotFound(frame_id)
    return found


def frames_of(actor: Actor, import_id: UUID) -> list[Frame]:
    """The frames of an import, each once. A station sees its own imports only."""
    if actor.kind is ActorKind.STATION:
        import_for_station(actor, import_id)
    return list(Frame.objects.filter(places__read_in=import_id).select_related("stored").distinct())


def frames_by_digest(actor: Actor, digests: Iterable[str], *, of_station: bool = False) -> dict[str, Frame]:
    """Frames by the digest of their bytes. `of_station` leaves only those that the asking station has read from a card."""
    if actor.kind is ActorKind.NOBODY:
        return {}
    rows = Frame.objects.filter(digest__in=set(digests))
    if of_station:
        rows = rows.filter(places__read_in__station=actor.id).distinct()
    return {row.digest: row for row in rows}


def copies_to_check(actor: Actor, import_id: UUID, *, now: datetime) -> list[Frame]:
    """Frames whose stored copy is read back before a receipt may name them.

    Those that nobody has read yet, and those last read too long ago; when the receipt is asked for again that is soon.
    """
    again = import_for_station(actor, import_id).permitted_at is not None
    return [
        frame
        for frame in frames_of(actor, import_id)
        if rules.waits_for_read_back(frame) or (rules.confirmed(frame) and rules.read_back_is_stale(frame, now=now, again=again))
    ]


def unfinished_before(actor: Actor, card_import: Import) -> list[Import]:
    """Other imports of the station that never came to their end and of which this one has all that is not erased."""
    if actor.kind is not ActorKind.STATION:
        return []
    rows = Import.objects.filter(station=actor.id, finished_at=None).exclude(pk=card_import.pk)
    elsewhere = Place.objects.exclude(frame__state=FrameState.ERASED).exclude(frame__places__read_in=card_import)
    return list(rows.exclude(places__in=elsewhere))


def given_up(actor: Actor, import_id: UUID) -> list[str]:
    """Digests of other files on the card of an import that a person has looked at and given up, at this reading or an earlier one."""
    card_import = import_for_station(actor, import_id)
    there = LeftOver.objects.filter(read_in=card_import).exclude(digest="").values("digest")
    decided = LeftOver.objects.filter(decision="erase", digest__in=there, read_in__volume=card_import.volume)
    return sorted(set(decided.filter(read_in__station=actor.id).values_list("digest", flat=True)))


def enrolment_is_open(*, now: datetime) -> bool:
    """Whether there is any code at all by which a station could be enrolled now."""
    return EnrolmentCode.objects.filter(used_at=None, until__gt=now).exists()


def places_of(actor: Actor, import_id: UUID) -> QuerySet[Place]:
    """Where the frames of an import lie on its card, in shooting order."""
    if not _insider(actor):
        raise NotFound(import_id)
    return Place.objects.filter(read_in=import_id).select_related("frame").order_by("position")


def leftovers_of(actor: Actor, import_id: UUID) -> QuerySet[LeftOver]:
    """Other files that an import found on its card."""
    if actor.kind is ActorKind.STATION:
        import_for_station(actor, import_id)
    return LeftOver.objects.filter(read_in=import_id).order_by("pk")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import is: counts of frames by state, and of files that stay."""

    card_import: Import
    announced: int
    received: int
    verified: int
    released: int
    erased: int
    left: int
    damaged: int
    disposed: int
    others: int

    @property
    def total(self) -> int:
        return self.announced + self.received + self.verified + self.released + self.erased + self.left + self.damaged + self.disposed

    @property
    def copied(self) -> int:
        return self.total - self.announced - self.left - self.disposed

    @property
    def safe(self) -> int:
        return self.verified + self.released + self.erased


def import_progress(actor: Actor, import_id: UUID) -> Progress:
    """How far an import is. Raises NotFound."""
    found = Import.objects.select_related("card", "station", "check_out__camera").filter(pk=import_id).first()
    if not _insider(actor) or found is None:
        raise NotFound(import_id)
    counts = {
        str(row["state"]): int(row["count"])
        for row in Frame.objects.filter(places__read_in=found).values("state").annotate(count=Count("pk", distinct=True))
    }
    by_state = {state.value: counts.get(state.value, 0) for state in FrameState}
    others = LeftOver.objects.filter(read_in=found).count()
    return Progress(card_import=found, others=others, **by_state)


def recent_imports(actor: Actor, *, now: datetime) -> list[Import]:
    """Imports of the last day, newest first."""
    if not _insider(actor):
        return []
    since = now - timedelta(days=1)
    return list(Import.objects.filter(announced_at__gte=since).select_related("card", "station").order_by("-announced_at")[:50])


def card_of_volume(actor: Actor, volume: str) -> Card | None:
    """The registered card with this file system, None for a card nobody knows. A lost card that turns up is known again."""
    if not volume or actor.kind is ActorKind.NOBODY:
        return None
    return Card.objects.select_related("camera").filter(volume=volume).first()


def evidential_open(actor: Actor) -> bool:
    """Whether any camera is out for a safeguarding or forensic sequence."""
    return actor.kind is not ActorKind.NOBODY and CheckOut.objects.filter(evidential=True, back_at=None).exists()


def evidence_awaited(actor: Actor, *, at: datetime) -> bool:
    """Whether a camera came back from such a sequence lately and no station has read a card of it since: the photos are on some card."""
    read = Card.objects.filter(Q(pk=OuterRef("card")) | Q(camera=OuterRef("camera")), seen_at__gt=F("held_at"))
    back = CheckOut.objects.filter(evidential=True, back_at__gte=at - rules.EVIDENCE_AWAITED)
    return actor.kind is not ActorKind.NOBODY and back.exclude(Exists(read)).exists()


def strayed(actor: Actor, card: Card) -> bool:
    """Whether photos on a card are of another camera than its own: it has none, or that one was not out since the card was empty."""
    if actor.kind is ActorKind.NOBODY:
        return False
    outs = CheckOut.objects.filter(Q(card=card) | Q(camera=card.camera_id)) if card.camera_id else CheckOut.objects.filter(card=card)
    if card.proved_empty_at is not None:
        outs = outs.filter(Q(back_at=None) | Q(back_at__gt=card.proved_empty_at))
    return not outs.exists()


def known_camera(actor: Actor, *, make: str, model: str, serial: str) -> Camera | None:
    """The registered camera that writes this make, model and body serial number; by make and model alone where it writes none."""
    if not _insider(actor) or not (make and model):
        return None
    alike = Camera.objects.filter(make__iexact=make.strip(), model__iexact=model.strip()).exclude(state=CameraState.RETIRED)
    if serial.strip():
        return alike.filter(serial__iexact=serial.strip()).first()
    without = list(alike.filter(serial="")[:2])
    return without[0] if len(without) == 1 else None


def check_out_at(actor: Actor, camera_id: UUID, at: datetime) -> CheckOut | None:
    """Who had the camera at some moment; a card may be read shortly after the camera was brought back."""
    if not _insider(actor):
        return None
    out = CheckOut.objects.filter(camera=camera_id, out_at__lte=at).filter(Q(back_at=None) | Q(back_at__gte=at - BACK_GRACE))
    return out.order_by("-out_at").first()


def check_outs_of(actor: Actor, camera_id: UUID, *, since: datetime) -> list[CheckOut]:
    """Every time the camera was out since some moment, in order."""
    if not _insider(actor):
        return []
    return list(CheckOut.objects.filter(camera=camera_id).filter(Q(back_at=None) | Q(back_at__gte=since)).order_by("out_at"))


def in_hands(actor: Actor) -> list[CheckOut]:
    """The cameras that the actor has now."""
    return list(CheckOut.objects.filter(person=actor.id, back_at=None).select_related("camera__cabinet").order_by("due_at"))


def cameras(actor: Actor) -> list[Camera]:
    """All cameras on the register with where they are, those of the actor's wards first."""
    if not _insider(actor):
        return []
    rows = Camera.objects.exclude(state=CameraState.RETIRED).select_related("cabinet", "holder").prefetch_related("cards").order_by("code")
    return sorted(rows, key=lambda camera: (camera.cabinet.ward not in actor.wards, camera.code))


def camera(actor: Actor, code: str) -> Camera:
    """One camera by the code on its label. Raises NotFound."""
    found = Camera.objects.select_related("cabinet", "holder").filter(code__iexact=code).first()
    if not _insider(actor) or found is None:
        raise NotFound
    return found


def stations(actor: Actor) -> list[Station]:
    """All stations, newest first."""
    return list(Station.objects.order_by("-enrolled_at")) if _insider(actor) else []


def open_check_out(actor: Actor, camera_id: UUID) -> CheckOut | None:
    """The check-out of a camera that is out now."""
    return CheckOut.objects.filter(camera=camera_id, back_at=None).first() if _insider(actor) else None
