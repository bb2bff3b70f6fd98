"""Sessions with a real camera, and the cards they leave: slates from the server, invented photos with a camera's note, the real vault.

ward = Session()                     # CAM-07 in the hands of Dr Khan, an hour ago
ward.slate(patient)                  # asked, slate made, photographed
ward.photos(2)
read_in = ward.put_in()              # announced, received, read back whole
sort(read_in)                        # what the worker does, in this process
where(read_in)                       # "[SAMPLE] SAMPLE SAMPLE"
"""

import inspect
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.conf import settings
from PIL import Image
from tests.factories import heic as invented_heic
from tests.factories import pictures as invented
from tests.factories.custody import check_out, make_camera, make_station, prove_empty
from tests.factories.photographs import one_of_its_own
from tests.factories.staff import actor_of, make_person
from tests.factories.visits import make_slate, make_visit

from handover.certificate import Certificate
from handover.kinds import FrameKind
from handover.manifest import CardKind, CardManifest, FrameLine
from handover.reasons import Left
from safelight.custody.actions.announce_card import Names, announce_card
from safelight.custody.actions.check_clock import check_clock
from safelight.custody.actions.confirm_erasure import confirm_erasure
from safelight.custody.actions.leave_frame import leave_frame
from safelight.custody.actions.permit_erasure import permit_erasure
from safelight.custody.actions.read_back_frame import read_back_frame
from safelight.custody.actions.receive_frame import receive_frame
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.models import Frame, Import, Place
from safelight.custody.rules import CardSaid
from safelight.intake import tasks
from safelight.intake.lifecycle import Whereabouts
from safelight.intake.models import Sorting
from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Actor, ActorKind
from safelight.kernel.digest import Digest
from safelight.patients import queries as patients
from safelight.patients.models import Patient
from safelight.photographs.models import Slate, Visit
from safelight.photographs.pictures import drawn
from safelight.photographs.slates import code
from safelight.vault import fields, objects
from safelight.vault.kept import TRAY
from safelight.vault.models import Rendition

SMALL = (960, 640)
ENDINGS = {FrameKind.JPEG: "JPG", FrameKind.RAW: "CR2", FrameKind.VIDEO: "MP4", FrameKind.HEIC: "HEIC", FrameKind.PNG: "PNG"}
IPHONE = drawn.CameraBody("Apple", "iPhone 15", "", "17.1")
OTHER_BODY = drawn.CameraBody("Nikon", "D3500", "6001234", "1.0")


@cache
def skin(seed: int = 1) -> Image.Image:
    return invented.scene(seed, SMALL)


@cache
def paper(*texts: str) -> Image.Image:
    size = SMALL if len(texts) == 1 else (2 * SMALL[0], 2 * SMALL[1])
    return drawn.slate(*texts, seed=len(texts), size=size, width_share=0.35 / len(texts))


def without_note(shown: Image.Image) -> bytes:
    """A JPEG as programs save it: no word of a camera."""
    written = BytesIO()
    shown.save(written, "JPEG", quality=90)
    return written.getvalue()


def heic(body: drawn.CameraBody, taken: datetime) -> bytes:
    """A HEIC photo of four colours, with the note of its camera. Each is one of its own."""
    jpeg = drawn.jpeg(Image.new("RGB", (16, 16)), body, taken)
    start = jpeg.index(b"Exif\0\0")
    note = jpeg[start + 6 : start + int.from_bytes(jpeg[start - 2 : start], "big") - 2]
    return invented_heic.heic("quartered", exif=note, tail=uuid4().bytes)


@dataclass(frozen=True)
class OnCard:
    """One file of a card."""

    folder: str
    file: str
    data: bytes
    kind: FrameKind


@dataclass(repr=False)
class Session:
    """A camera in somebody's hands and the card in it. `now` is the true time; the camera's clock is `off` ahead of it.

    `compared` says whether the register knows how far that is; `again` is an earlier session with the same camera, which came back since.
    """

    code: str = "CAM-07"
    now: datetime = field(default_factory=lambda: clock.now() - timedelta(hours=1))
    off: timedelta = timedelta(0)
    compared: bool = True
    username: str = "khan"
    number: int = 1
    folder: int = 100
    files: list[OnCard] = field(default_factory=list)
    shots: int = 0
    again: "Session | None" = None

    def __post_init__(self) -> None:
        before = self.now - timedelta(minutes=5)
        known = self.again.camera if self.again else None
        self.camera = known or make_camera(self.code, make="Lumen", model="Lumen C24", serial=f"SL-{self.code}", at=before)
        if self.compared:
            check_clock(by=WORKER, camera_id=self.camera.pk, ahead=self.off, now=before)
        self.person = make_person(self.username, f"Dr A {self.username.title()}")
        self.out = check_out(self.camera, self.person, out_at=self.now, due_at=self.now + timedelta(hours=12))
        self.by = actor_of(self.person)
        self.volume = f"VOL-{self.code}"
        self.body = drawn.CameraBody(serial=f"SL-{self.code}")

    def wait(self, **how: float) -> "Session":
        self.now += timedelta(**how)
        return self

    def taken(self) -> datetime:
        """What the camera's clock shows now: local time, without a zone."""
        return (self.now + self.off).astimezone(ZoneInfo(settings.TIME_ZONE)).replace(tzinfo=None)

    def visit(self, patient: Patient, **how: object) -> Visit:
        """The patient is asked, and a visit begins with this camera."""
        return make_visit(patient, self.by, at=self.now, **({"check_out": self.out} | how))

    def slate(self, patient: Patient, *, on_card: bool = True, on_paper: bool = False, **how: object) -> Slate:
        """The patient is asked, a slate is made, and photographed a few seconds later."""
        self.wait(seconds=20)
        made = self.next_token(self.visit(patient, **how), on_paper=on_paper)
        if on_card:
            self.shoot_slate(made.code)
        return made

    def next_token(self, visit: Visit, *, on_paper: bool = False) -> Slate:
        made = make_slate(visit, on_paper=on_paper, at=self.wait(seconds=10).now)
        self.wait(seconds=5)
        return made

    def shoot_slate(self, *texts: str, **how: object) -> bytes:
        return self.add(drawn.jpeg(paper(*texts), self.body, self.taken()), **how)

    def end(self) -> bytes:
        return self.wait(seconds=5).shoot_slate(code.END)

    def photos(self, count: int = 1, **how: object) -> "Session":
        for _ in range(count):
            self.photo(**how)
        return self

    def photo(self, *, body: drawn.CameraBody | None = None, taken: datetime | None = None, **how: object) -> bytes:
        """The camera takes a photo, five seconds after the last thing that happened."""
        self.wait(seconds=5)
        self.shots += 1
        shown = skin(1 + self.shots % 3)
        return self.add(one_of_its_own(drawn.jpeg(shown, body or self.body, taken or self.taken())), **how)

    def raw(self) -> bytes:
        """The RAW file of the last shot."""
        shown = skin(1 + self.shots % 3)
        return self.add(drawn.raw(shown, self.body, self.taken(), ending="cr2"), kind=FrameKind.RAW, number=self.number - 1)

    def add(self, data: bytes, *, kind: FrameKind = FrameKind.JPEG, number: int | None = None, folder: int | None = None) -> bytes:
        """Any file on the card, under the next number."""
        mine = self.number if number is None else number
        self.files.append(OnCard(f"{folder or self.folder}LUMEN", f"IMG_{mine:04d}.{ENDINGS[kind]}", data, kind))
        self.number += number is None
        return data

    def put_in(self, *, left: tuple[bytes, ...] = (), only: int | None = None, volume: str | None = None, checked: bool = True) -> Import:
        """A station reads the card: announces it, and sends what can be sent. `left` stays, and only the first `only` come.

        Without `checked` nothing is read back: that is left to a worker.
        """
        self.wait(seconds=30)
        read_in = announce(self.files, volume=self.volume if volume is None else volume, at=self.now)
        for on_card in self.files[:only]:
            if on_card.data in left:
                leave(read_in, on_card.data, at=self.now)
            else:
                send(read_in, on_card.data, at=self.now, checked=checked)
        return read_in


def bring_back(ward: Session) -> None:
    """The card is read, found empty and wiped, and the camera goes back into its cabinet."""
    at = ward.wait(minutes=2).now
    for card in ward.camera.cards.all():
        prove_empty(card, at=at)
    return_camera(by=ward.by, camera_id=ward.camera.pk, card=CardSaid.EMPTY, now=ward.wait(minutes=1).now)


def announce(files: list[OnCard], *, volume: str, at: datetime) -> Import:
    """A station tells what it found on a card."""
    station, _ = make_station(f"Import PC {uuid4().hex[:4]}")
    new_id = uuid4()
    lines = tuple(
        FrameLine(folder=one.folder, file=one.file, size=len(one.data), digest=Digest.of(one.data), kind=one.kind, modified=at)
        for one in sorted(files, key=lambda one: (one.folder, one.file))
    )
    manifest = CardManifest(station=station.pk, kind=CardKind.FOLDER, volume=volume, frames=lines)
    names = Names(
        tuple((uuid4(), uuid4(), fields.seal_field(f"{one.folder}/{one.file}".encode(), context=f"place|{new_id}")) for one in lines), ()
    )
    return announce_card(by=_station(station.pk), manifest=manifest, names=names, now=at, new_id=new_id)


def send(read_in: Import, data: bytes, *, at: datetime, checked: bool = True) -> Frame:
    """One frame comes into the vault and is read back; one that is there already does not come again."""
    digest = Digest.of(data)
    frame = Frame.objects.get(digest=digest)
    if frame.state in {"announced", "left"}:
        kept = objects.keep([data], rendition=Rendition.RECORD, holder=TRAY, limit=len(data))
        receive_frame(by=_station(read_in.station_id), import_id=read_in.pk, digest=digest, kept=kept, now=at)
        if checked:
            read_back_frame(by=WORKER, frame_id=frame.pk, object_id=kept.name, found=digest, now=at)
    frame.refresh_from_db()
    return frame


def leave(read_in: Import, data: bytes, *, at: datetime) -> None:
    """One frame cannot be kept: it stays on the card."""
    leave_frame(by=_station(read_in.station_id), import_id=read_in.pk, digest=Digest.of(data), why=Left.UNSTABLE, now=at)


def wipe(read_in: Import, *, empty: bool = True) -> None:
    """The station gets its receipt and wipes the card, or tries to."""
    by, now = _station(read_in.station_id), clock.now()
    for frame in Frame.objects.filter(places__read_in=read_in, verified_at__isnull=False):
        read_back_frame(by=WORKER, frame_id=frame.pk, object_id=frame.stored_id, found=Digest(frame.digest), now=now)
    permission = permit_erasure(by=by, import_id=read_in.pk, now=now)
    certificate = Certificate(
        card_import=read_in.pk,
        station=by.id,
        method="overwrite in place, unlink",
        erased=permission.digests if empty else (),
        left=(),
        residue=0,
        empty=empty,
        filled=False,
        read_again_at=now,
    )
    confirm_erasure(by=by, import_id=read_in.pk, certificate=certificate, now=now)


def sort(read_in: Import, *, seed: int | None = None, times: int = 1) -> None:
    """What the worker does with the frames of a card that are safe, in any order and as often as is asked."""
    frames = list(
        Frame.objects.filter(places__read_in=read_in, state__in=["verified", "released", "erased"])
        .order_by("places__position")
        .values_list("pk", flat=True)
    )
    if seed is not None:
        random.Random(seed).shuffle(frames)
    for _ in range(times):
        for frame in frames:
            plain(tasks.scan_frame)(str(frame))
            plain(tasks.sort_its_cards)(str(frame))


def plain(step):
    """A step as a plain function: as a step it drops the connection, and with it the transaction of a test."""
    return inspect.unwrap(step)


def where(read_in: Import) -> str:
    """`[SAMPLE] SAMPLE no_slate ...`: slates in brackets, filed photos by their patient, tray reasons, and dots for what waits."""
    rows = {row.frame_id: row for row in Sorting.objects.select_related("visit")}
    return " ".join(_word(rows.get(place.frame_id)) for place in Place.objects.filter(read_in=read_in).order_by("position"))


def _word(row: Sorting | None) -> str:
    name = patients.identity(WORKER, row.visit.patient_id).family if row and row.visit else ""
    match row.state if row else None:
        case Whereabouts.SLATE:
            return f"[{name or 'END'}]"
        case Whereabouts.FILED:
            return name
        case Whereabouts.TRAY:
            return row.why
        case Whereabouts.SET_ASIDE:
            return "aside"
        case _:
            return "..."


def _station(station: UUID) -> Actor:
    return Actor(kind=ActorKind.STATION, id=station)
