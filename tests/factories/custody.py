"""Cameras, cards and stations as they come to be: through the real actions."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from handover.certificate import Certificate
from handover.kinds import FrameKind
from handover.manifest import CardKind, CardManifest, FrameLine, OtherLine
from handover.reasons import Left
from safelight.custody.actions.announce_card import Names, announce_card
from safelight.custody.actions.check_out_camera import check_out_camera
from safelight.custody.actions.confirm_erasure import confirm_erasure
from safelight.custody.actions.enrol_station import enrol_station
from safelight.custody.actions.make_enrolment_code import make_enrolment_code
from safelight.custody.actions.permit_erasure import permit_erasure
from safelight.custody.actions.register_cabinet import register_cabinet
from safelight.custody.actions.register_camera import register_camera
from safelight.custody.actions.register_card import register_card
from safelight.custody.models import Cabinet, Camera, Card, CheckOut, Station
from safelight.kernel import clock
from safelight.kernel.actor import NOBODY, OPERATOR, Actor, ActorKind, Role
from safelight.kernel.digest import Digest
from safelight.staff.models import Person
from safelight.vault import fields

KEEPER = Actor(kind=ActorKind.STAFF, id=UUID(int=0xCA3), roles=frozenset({Role.ADMINISTRATOR}), aal=2)


def make_cabinet(code: str = "CAB-B", *, ward: str = "BURNS2", two_signatures: bool = False, at: datetime | None = None) -> Cabinet:
    """A cabinet on a ward; the same code gives the same cabinet."""
    found = Cabinet.objects.filter(code=code).first()
    return found or register_cabinet(
        by=KEEPER,
        code=code,
        name=f"Cabinet {code[-1]}",
        ward=ward,
        two_signatures=two_signatures,
        now=at or clock.now(),
        new_id=uuid4(),
    )


def make_camera(
    code: str = "CAM-07",
    make: str = "Canon",
    model: str = "EOS 250D",
    serial: str | None = None,
    ward: str = "BURNS2",
    *,
    two_signatures: bool = False,
    empty: bool = True,
    at: datetime | None = None,
) -> Camera:
    """A camera in its cabinet, with one card (code `CARD-07`, volume `VOL-CAM-07`) that a station has read and found empty."""
    now = at or clock.now() - timedelta(minutes=5)
    cabinet = make_cabinet(f"CAB-{ward}" + ("-2" if two_signatures else ""), ward=ward, two_signatures=two_signatures, at=now)
    camera = register_camera(
        by=KEEPER,
        code=code,
        make=make,
        model=model,
        serial=f"SN-{code}" if serial is None else serial,
        cabinet_id=cabinet.pk,
        shelf="shelf 3",
        now=now,
        new_id=uuid4(),
    )
    card = make_card(code.replace("CAM", "CARD"), volume=f"VOL-{code}", camera=camera, at=now)
    if empty:
        prove_empty(card, at=now)
    return Camera.objects.select_related("cabinet").get(pk=camera.pk)


def make_card(code: str = "CARD-07", *, volume: str = "", camera: Camera | None = None, at: datetime | None = None) -> Card:
    """A card on the register that nobody has read yet."""
    camera_id = camera.pk if camera else None
    return register_card(by=KEEPER, code=code, volume=volume, camera_id=camera_id, now=at or clock.now(), new_id=uuid4())


def make_station(name: str = "Import PC, Burns 2") -> tuple[Station, str]:
    """An enrolled station and its credential."""
    code, credential, new_id, now = secrets.token_hex(4), secrets.token_urlsafe(32), uuid4(), clock.now()
    make_enrolment_code(by=OPERATOR, code_digest=Digest.of(code.encode()), now=now, new_id=uuid4())
    enrol_station(
        by=NOBODY,
        code_digest=Digest.of(code.encode()),
        name=name,
        credential_digest=Digest.of(credential.encode()),
        now=now,
        new_id=new_id,
    )
    return Station.objects.get(pk=new_id), credential


def station_actor(station: Station) -> Actor:
    """The station as the one who acts."""
    return Actor(kind=ActorKind.STATION, id=station.pk, device=str(station.pk))


def read_card(card: Card, *, frames: int = 0, others: tuple[str, ...] = (), at: datetime | None = None) -> tuple[Actor, UUID]:
    """A new station announces some frames (of which it sends no byte yet) and other files on the card: the station and the import."""
    now = at or clock.now()
    station, _ = make_station()
    by, new_id = station_actor(station), uuid4()
    lines = tuple(
        FrameLine(
            folder="100CANON",
            file=f"IMG_{number:04d}.JPG",
            size=1_000,
            digest=Digest.of(new_id.bytes + bytes([number])),
            kind=FrameKind.JPEG,
            modified=now - timedelta(minutes=10),
        )
        for number in range(1, frames + 1)
    )
    manifest = CardManifest(
        station=station.pk,
        kind=CardKind.FOLDER,
        volume=card.volume,
        frames=lines,
        others=tuple(OtherLine(path=path, size=10, why=Left.UNKNOWN_FILE) for path in others),
    )
    names = Names(
        tuple((uuid4(), uuid4(), b"sealed") for _ in lines),
        tuple((uuid4(), fields.seal_field(path.encode(), context=f"leftover|{new_id}")) for path in others),
    )
    announce_card(by=by, manifest=manifest, names=names, now=now, new_id=new_id)
    return by, new_id


def prove_empty(card: Card, *, at: datetime | None = None) -> None:
    """A station reads the card, finds no frame on it and says so."""
    now = at or clock.now()
    by, new_id = read_card(card, at=now)
    permit_erasure(by=by, import_id=new_id, now=now)
    certificate = Certificate(
        card_import=new_id,
        station=by.id,
        method="overwrite, fill",
        erased=(),
        left=(),
        residue=0,
        empty=True,
        filled=True,
        read_again_at=now,
    )
    confirm_erasure(by=by, import_id=new_id, certificate=certificate, now=now)


def acting(person: Person) -> Actor:
    """The person as one who is signed in with two factors."""
    wards = frozenset(person.wards.values_list("code", flat=True))
    return Actor(kind=ActorKind.STAFF, id=person.pk, roles=frozenset(Role(role) for role in person.roles), wards=wards, aal=2)


def check_out(
    camera: Camera,
    person: Person,
    *,
    out_at: datetime | None = None,
    due_at: datetime | None = None,
    reason: str = "Nobody else was there.",
    second: Person | None = None,
) -> CheckOut:
    """The person takes the camera, for two hours unless said otherwise; the reason stands for whatever would forbid it."""
    now = out_at or clock.now()
    return check_out_camera(
        by=acting(person),
        camera_id=camera.pk,
        due_at=due_at or now + timedelta(hours=2),
        reason=reason,
        second=second.pk if second else None,
        now=now,
        new_id=uuid4(),
    )
