"""Filed photos, through the real vault and the real actions: announced by a station, received, read back, filed.

`received(jpeg)` ends before the filing and gives the verified frame; `filing_of(frame, visit)` prepares; `file_one(patient, visit, by)`
does it all. `make_record()` is a patient with consent and visit, `make_record().photos(3)` files three. Each photo is one of its own:
a comment with a new id stands in its first bytes.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID, uuid4

from tests.factories import pictures as invented
from tests.factories.consent import make_consent
from tests.factories.custody import make_station
from tests.factories.patients import make_patient
from tests.factories.staff import actor_of, make_person
from tests.factories.visits import make_visit

from handover.kinds import FrameKind
from handover.manifest import CardKind, CardManifest, FrameLine
from safelight.audit.models import Entry
from safelight.custody.actions.announce_card import Names, announce_card
from safelight.custody.actions.read_back_frame import read_back_frame
from safelight.custody.actions.receive_frame import receive_frame
from safelight.custody.models import Camera, Frame, Import
from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Actor, ActorKind
from safelight.kernel.digest import Digest
from safelight.patients.models import Patient
from safelight.photographs import filing, pictures, queries
from safelight.photographs.actions.file_photograph import file_photograph
from safelight.photographs.actions.view_photograph import view_photograph
from safelight.photographs.actions.view_timeline import view_timeline
from safelight.photographs.models import Permit, Photograph, Visit
from safelight.photographs.permits import Size
from safelight.photographs.timeline import Timeline
from safelight.staff.models import Person
from safelight.vault import fields, objects
from safelight.vault.kept import TRAY
from safelight.vault.models import Rendition, StoredObject

ENDINGS = {FrameKind.RAW: "CR2", FrameKind.VIDEO: "MP4"}


@dataclass(frozen=True)
class Drawn:
    """A small picture of a photo and its larger one, with the size of the photo."""

    preview: bytes
    thumb: bytes
    width: int
    height: int


def one_of_its_own(jpeg: bytes) -> bytes:
    """The same picture in other bytes."""
    return jpeg[:2] + b"\xff\xfe\x00\x12" + uuid4().bytes + jpeg[2:]


@cache
def drawn(jpeg: bytes) -> Drawn:
    """What the workers behind walls make of it. Asked once for the same bytes."""
    found = pictures.examine(jpeg, kind=pictures.Kind.JPEG, slate_expected=False)
    return Drawn(found.preview, found.thumb, found.width, found.height)


def announce(data: bytes, kind: FrameKind = FrameKind.JPEG) -> tuple[Import, Actor]:
    """A station announces a card with this one file; the import, and the station as the one who acts."""
    station, _ = make_station()
    by, now, digest = Actor(kind=ActorKind.STATION, id=station.pk), clock.now(), Digest.of(data)
    file = f"IMG_{uuid4().int % 9999 + 1:04d}.{ENDINGS.get(kind, 'JPG')}"
    line = FrameLine(folder="100CANON", file=file, size=len(data), digest=digest, kind=kind, modified=now)
    manifest = CardManifest(station=station.pk, kind=CardKind.FOLDER, volume="", frames=(line,))
    new_id = uuid4()
    names = Names(((uuid4(), uuid4(), fields.seal_field(file.encode(), context=f"place|{new_id}")),), ())
    return announce_card(by=by, manifest=manifest, names=names, now=now, new_id=new_id), by


def receive(data: bytes, read_in: Import, by: Actor) -> Frame:
    """The station sends the bytes; the vault keeps them."""
    kept = objects.keep([data], rendition=Rendition.RECORD, holder=TRAY, limit=len(data))
    receive_frame(by=by, import_id=read_in.pk, digest=Digest.of(data), kept=kept, now=clock.now())
    return Frame.objects.get(digest=Digest.of(data))


def received(data: bytes, *, kind: FrameKind = FrameKind.JPEG, verified: bool = True) -> Frame:
    """A frame whose bytes came from a station's card into the vault and, unless told otherwise, were read back whole."""
    frame = receive(data, *announce(data, kind))
    if verified:
        read_back_frame(by=WORKER, frame_id=frame.pk, object_id=frame.stored_id, found=Digest.of(data), now=clock.now())
        frame.refresh_from_db()
    return frame


def in_the_tray(data: bytes, rendition: Rendition) -> UUID:
    """A rendition that waits in the tray, as intake keeps it before a photo is filed."""
    stored = StoredObject.from_kept(objects.keep([data], rendition=rendition, holder=TRAY, limit=len(data)), at=clock.now())
    stored.save(force_insert=True)
    return stored.pk


def filing_of(
    frame: Frame,
    visit: Visit,
    *,
    taken_at: datetime | None = None,
    camera: Camera | None = None,
    drawing: Drawn | None = None,
    raw_of: UUID | None = None,
    site_assumed: bool = False,
    **changed: str,
) -> filing.Filing:
    """A prepared filing for the first site of a visit."""
    first = visit.sites[0]
    site = {"site": first["site"], "laterality": first.get("laterality", "")} | changed
    return filing.prepare(
        WORKER,
        photograph=uuid4(),
        frame=frame.pk,
        visit=visit.pk,
        taken_at=taken_at or clock.now(),
        camera=camera.pk if camera else None,
        width=drawing.width if drawing else None,
        height=drawing.height if drawing else None,
        raw_of=raw_of,
        site_assumed=site_assumed,
        preview=in_the_tray(drawing.preview, Rendition.PREVIEW) if drawing else None,
        thumb=in_the_tray(drawing.thumb, Rendition.THUMB) if drawing else None,
        **site,
    )


def file_one(
    patient: Patient,
    visit: Visit,
    by: Actor = WORKER,
    *,
    jpeg: bytes | None = None,
    taken_at: datetime | None = None,
    site_assumed: bool = False,
    **how: str,
) -> Photograph:
    """One photo of a patient, filed. `how` may name another site, laterality or view; `site_assumed` that nobody has said it."""
    assert visit.patient_id == patient.pk
    plain = jpeg or invented.photo()
    made = filing_of(received(one_of_its_own(plain)), visit, taken_at=taken_at, drawing=drawn(plain), site_assumed=site_assumed, **how)
    return file_photograph(by=by, filing=made, now=clock.now())


def file_other(patient: Patient, visit: Visit, kind: FrameKind, data: bytes, *, raw_of: UUID | None = None) -> Photograph:
    """A RAW file or a video of a patient, filed without a picture of it."""
    assert visit.patient_id == patient.pk
    return file_photograph(by=WORKER, filing=filing_of(received(data, kind=kind), visit, raw_of=raw_of), now=clock.now())


@dataclass(frozen=True)
class Record:
    """A patient of a ward, somebody who works there, and a visit with consent: what a photo is filed under."""

    person: Person
    by: Actor
    patient: Patient
    visit: Visit

    def photos(self, count: int = 1, **how: str) -> list[Photograph]:
        """So many photos, the oldest first, a minute between them, the last of them now."""
        now = clock.now()
        return [file_one(self.patient, self.visit, taken_at=now - timedelta(minutes=count - 1 - number), **how) for number in range(count)]

    def over_days(self, *ago: int, jpegs: tuple[bytes, ...] = (), **how: str) -> list[Photograph]:
        """One photo for each number of days ago. The rows are set back by hand: the consent is not so old."""
        made = []
        for number, days in enumerate(ago):
            photograph = file_one(self.patient, self.visit, jpeg=jpegs[number] if jpegs else None, **how)
            photograph.taken_at = clock.now() - timedelta(days=days)
            Photograph.objects.filter(pk=photograph.pk).update(taken_at=photograph.taken_at)
            made.append(photograph)
        return made


def make_record(
    family: str = "SAMPLE", number: str = "9990000018", *, ward: str = "BURNS2", yes: tuple[int, ...] = (1, 2), **how
) -> Record:
    """A record without photos. The consent is of an hour ago. `how` goes into the visit."""
    person = make_person(f"{ward}-doctor".lower(), "Dr A Khan", wards=[ward])
    by, before = actor_of(person), clock.now() - timedelta(hours=1)
    patient = make_patient(family=family, nhs_number=number, hospital_number=number[-7:], ward=ward)
    consent = make_consent(patient, by, yes=yes, at=before)
    return Record(person, by, patient, make_visit(patient, by, consent, at=before, **how))


def many_rows(record: Record, count: int) -> None:
    """So many photos as rows alone, for measuring pages: of four sites, three a day back from now. Their bytes do not exist."""
    now, sites = clock.now(), [("forearm", "left"), ("forearm", "right"), ("back", ""), ("shin", "left")]
    kept = [
        StoredObject(
            id=uuid4(),
            rendition=(Rendition.RECORD, Rendition.PREVIEW, Rendition.THUMB)[number % 3],
            holder=str(record.patient.pk),
            key_id="none",
            wrapped_key=bytes(60),
            size=1,
            digest=Digest.of(number.to_bytes(8, "big")),
            sealed_size=1,
            kept_at=now,
        )
        for number in range(3 * count)
    ]
    StoredObject.objects.bulk_create(kept)
    frames = [
        Frame(
            id=uuid4(),
            digest=kept[3 * number].digest,
            size=1,
            kind="jpeg",
            state="verified",
            stored=kept[3 * number],
            announced_at=now,
            received_at=now,
            verified_at=now,
        )
        for number in range(count)
    ]
    Frame.objects.bulk_create(frames)
    Photograph.objects.bulk_create(
        Photograph(
            id=uuid4(),
            patient=record.patient,
            visit=record.visit,
            frame=frame,
            record_copy=kept[3 * number],
            preview=kept[3 * number + 1],
            thumb=kept[3 * number + 2],
            kind="jpeg",
            site=sites[number % 4][0],
            laterality=sites[number % 4][1],
            reason="wound",
            taken_at=now - timedelta(hours=8 * number),
            width=6000,
            height=4000,
            filed_at=now,
            filed_by=WORKER.id,
        )
        for number, frame in enumerate(frames)
    )


def see_timeline(record: Record, by: Actor | None = None, **how) -> Timeline:
    """A page of the patient's photos, as it is shown."""
    return view_timeline(by=by or record.by, patient_id=record.patient.pk, now=clock.now(), new_id=uuid4(), **how)


def see_photo(record: Record, photograph: Photograph, by: Actor | None = None) -> Permit:
    """One photo, as it is shown."""
    return view_photograph(by=by or record.by, photograph_id=photograph.pk, now=clock.now(), new_id=uuid4())


def open_by_permit(
    record: Record, photograph: Photograph, size: Size, by: Actor | None = None, now: datetime | None = None
) -> StoredObject:
    """What the address of the bytes opens. Raises NotFound without a permit."""
    return queries.permitted(by or record.by, photograph.pk, size, now=now or clock.now())


def facts_of(action: str) -> list[dict]:
    """The facts of every entry of an action, as the ledger holds them."""
    return [fact for entry in Entry.objects.filter(action=action).order_by("seq") for fact in json.loads(bytes(entry.body))["facts"]]
