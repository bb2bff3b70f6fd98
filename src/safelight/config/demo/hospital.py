"""The invented hospital: wards, people of each role, patients of the 999 range, a cabinet with cameras. Made by the real actions."""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from biip.checksums import gs1_standard_check_digit
from django.conf import settings
from django.contrib.auth.hashers import make_password

from safelight.config.demo.camera import BODY
from safelight.custody.actions.register_cabinet import register_cabinet
from safelight.custody.actions.register_camera import register_camera
from safelight.custody.actions.register_card import register_card
from safelight.kernel.actor import OPERATOR, Actor, ActorKind, Role
from safelight.kernel.digest import Digest
from safelight.patients.actions.register_patient import register_patient
from safelight.patients.identity import Identity
from safelight.patients.models import Source
from safelight.patients.sealing import seal
from safelight.staff.actions.add_ward import add_ward
from safelight.staff.actions.invite_person import invite_person
from safelight.staff.actions.join import join
from safelight.staff.models import Person
from safelight.staff.said import NewFactor, PersonSaid, WardSaid

PASSWORD = "three lamps by the harbour"  # noqa: S105 - of accounts that exist in the demonstration only
BURNS, EMERGENCY, DERMATOLOGY = "BURNS2", "ED", "DERM"
CAMERA = "CAM-07"


@dataclass(frozen=True, slots=True)
class Account:
    """One account of the demonstration. Whoever opens its page may use all of them: nothing here is a patient's."""

    username: str
    name: str
    roles: tuple[Role, ...]
    wards: tuple[str, ...]
    what: str


ACCOUNTS = (
    Account("khan", "Dr A Khan", (Role.CLINICIAN,), (BURNS,), "ward doctor, Burns 2"),
    Account("webb", "Sr E Webb", (Role.CLINICIAN,), (BURNS,), "ward sister, Burns 2"),
    Account(
        "lim",
        "Mr C Lim",
        (Role.CLINICIAN,),
        (EMERGENCY,),
        "burns registrar on call, in the emergency department: sees nobody of Burns 2 without a reason",
    ),
    Account("patel", "Ms R Patel", (Role.CLINICIAN,), (EMERGENCY,), "consultant, burns and plastic surgery"),
    Account("roy", "Ms D Roy", (Role.PHOTOGRAPHER,), (DERMATOLOGY,), "medical photographer: register, evidence, tray"),
    Account("osei", "B Osei", (Role.IG_LEAD,), (), "IG lead: who opened what and why"),
    Account("ada", "Ada Example", (Role.ADMINISTRATOR,), (), "administrator: people, wards, stations"),
)
WARDS = (
    (BURNS, "Burns 2", "forearm", "wound"),
    (EMERGENCY, "Emergency department", "", ""),
    (DERMATOLOGY, "Dermatology", "", "skin_lesion"),
)
PATIENTS = (
    (Identity(family="Sample", given="Test", born=date(1970, 1, 1), nhs_number="9990000018", hospital_number="0000018"), BURNS),
    (Identity(family="Example", given="Ada", born=date(1984, 3, 9), nhs_number="9990000026", hospital_number="0000042"), BURNS),
    (Identity(family="O'Specimen", given="Niamh", born=date(2012, 7, 30), nhs_number="9990000034", hospital_number="0000077"), BURNS),
    (Identity(family="Pattern", given="José", born=date(1949, 11, 5), nhs_number="9990000042", hospital_number="0000093"), EMERGENCY),
)
CAMERAS = ((CAMERA, BODY.serial, "shelf 3"), ("CAM-08", "SL0000008", "shelf 4"))


@dataclass(frozen=True, slots=True)
class Hospital:
    """Who and what there is: people by user name, patients by hospital number, the first camera."""

    people: Mapping[str, Actor]
    patients: Mapping[str, UUID]
    camera: UUID


def open_hospital(keys: Path, *, volumes: Mapping[str, str], now: datetime) -> Hospital:
    """Make the hospital. `volumes` are the cards by the camera that each belongs to. What is made is durable; asked twice it fails."""
    codes = {account.username: base64.b32encode(secrets.token_bytes(20)).decode() for account in ACCOUNTS}
    (keys / "code-apps.json").write_text(json.dumps(codes))
    people: dict[str, Actor] = {}
    administrator = next(account for account in ACCOUNTS if Role.ADMINISTRATOR in account.roles)
    people[administrator.username] = _join(administrator, codes[administrator.username], by=OPERATOR, wards=False, now=now)
    by = people[administrator.username]
    for code, name, site, reason in WARDS:
        add_ward(by=by, code=code, said=WardSaid(name=name, default_site=site, default_reason=reason), now=now, new_id=uuid4())
    for account in ACCOUNTS:
        if account is not administrator:
            people[account.username] = _join(account, codes[account.username], by=by, wards=True, now=now)
    patients = {who.hospital_number or "": _register(who, ward, by=by, now=now) for who, ward in PATIENTS}
    return Hospital(people, patients, _cabinet(by, volumes, now))


def wristband(who: Identity) -> str:
    """What a scanner types for a patient's band: the AIM prefix, AI 8018, company prefix, NHS number, check digit (DCB1077)."""
    relation = f"{settings.SAFELIGHT_GSRN_PREFIX}{who.nhs_number}"
    return f"]d28018{relation}{gs1_standard_check_digit(relation)}"


def code_app_secrets(keys: Path) -> dict[str, str]:
    """The secrets of the accounts' code apps, for the page that shows their codes."""
    secrets_of: dict[str, str] = json.loads((keys / "code-apps.json").read_text())
    return secrets_of


def _join(account: Account, secret: str, *, by: Actor, wards: bool, now: datetime) -> Actor:
    """Invite somebody and let them join, as the pages do."""
    person_id, invitation = uuid4(), uuid4()
    said = PersonSaid(
        name=account.name,
        email=f"{account.username}@stelsewhere.example",
        roles=frozenset(account.roles),
        wards=frozenset(account.wards) if wards else frozenset(),
        trained_until=(now + timedelta(days=300)).date(),
    )
    invite_person(
        by=by,
        username=account.username,
        said=said,
        secret_digest=Digest.of(secrets.token_bytes(32)),
        second_person=None,
        now=now,
        new_id=person_id,
        new_invitation=invitation,
    )
    themselves = Actor(kind=ActorKind.STAFF, id=person_id)
    factor = NewFactor(Authenticator.Type.TOTP, {"secret": encrypt(secret)})
    join(by=themselves, invitation_id=invitation, password_hash=make_password(PASSWORD), factor=factor, shown=None, now=now)
    return actor(account.username, now=now)


def actor(username: str, *, now: datetime) -> Actor:
    """One of the people, as the ledger names them when the demonstration acts for them."""
    person = Person.objects.get(username=username)
    return Actor(
        kind=ActorKind.STAFF,
        id=person.pk,
        roles=frozenset(Role(role) for role in person.roles),
        wards=frozenset(person.wards.values_list("code", flat=True)),
        sign_in="demonstration",
        aal=2,
        proved_at=now,
    )


def _register(who: Identity, ward: str, *, by: Actor, now: datetime) -> UUID:
    sealed = seal(who, patient_id=uuid4(), today=now.date())
    return register_patient(by=by, sealed=sealed, ward=ward, now=now, source=Source.LIST).pk


def _cabinet(by: Actor, volumes: Mapping[str, str], now: datetime) -> UUID:
    cabinet = register_cabinet(by=by, code="CAB-B", name="Cabinet B", ward=BURNS, two_signatures=False, now=now, new_id=uuid4())
    made: dict[str, UUID] = {}
    for code, serial, shelf in CAMERAS:
        camera = register_camera(
            by=by,
            code=code,
            make=BODY.make,
            model=BODY.model,
            serial=serial,
            cabinet_id=cabinet.pk,
            shelf=shelf,
            now=now,
            new_id=uuid4(),
        )
        made[code] = camera.pk
        register_card(by=by, code=code.replace("CAM", "CARD"), volume=volumes.get(code, ""), camera_id=camera.pk, now=now, new_id=uuid4())
    return made[CAMERA]
