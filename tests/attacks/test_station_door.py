"""Getting round the station door: without a credential, with another's, with other bytes, with forged manifests and receipts."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from tests.factories.custody import KEEPER, make_station
from tests.factories.doors import StationDoor
from tests.factories.frames import NOW, digest_of, photo
from tests.servers.site import make_keys

from handover.canonical import write
from handover.certificate import Certificate
from handover.kinds import FrameKind
from handover.manifest import CardKind, CardManifest, FrameLine
from handover.note import VerifierKey
from handover.receipt import read_receipt
from safelight.audit.models import Entry
from safelight.custody.actions.make_enrolment_code import make_enrolment_code
from safelight.custody.actions.revoke_station import revoke_station
from safelight.custody.models import EnrolmentCode, Frame, Import, Station
from safelight.custody.receipts import receipt_signer
from safelight.kernel import clock
from safelight.kernel.digest import Digest
from safelight.vault import chosen
from safelight.vault.models import StoredObject

pytestmark = pytest.mark.django_db
ONE, TWO = photo(1), photo(2)


@pytest.fixture(autouse=True, scope="module")
def _keys():
    make_keys()


class Door(StationDoor):
    """What it sends where a card is announced."""

    def manifest(self, *data: bytes, **changed: object) -> CardManifest:
        lines = tuple(
            FrameLine(folder="100SAFEL", file=f"IMG_{n:04}.JPG", size=len(one), digest=digest_of(one), kind=FrameKind.JPEG, modified=NOW)
            for n, one in enumerate(data, 1)
        )
        said = {"station": self.station.pk, "kind": CardKind.FOLDER, "volume": "", "frames": lines} | changed
        return CardManifest(**said)

    def announce(self, *data: bytes) -> str:
        answer = self.ask("POST", "cards", self.manifest(*data).written())
        assert answer.status_code == 201, answer.content
        return answer.json()["import"]

    def send(self, import_id: str, data: bytes, digest: str = "", **headers: str):
        return self.ask("PUT", f"imports/{import_id}/frames/{digest or digest_of(data)}", data, **headers)


@pytest.fixture
def door():
    return Door()


def kept() -> int:
    return len(list(chosen.store().names()))


ADDRESSES = [
    ("GET", "hello"),
    ("POST", "cards"),
    ("GET", "imports/{import_id}"),
    ("PUT", "imports/{import_id}/frames/{digest}"),
    ("POST", "imports/{import_id}/frames/{digest}/left"),
    ("POST", "imports/{import_id}/receipt"),
    ("POST", "imports/{import_id}/certificate"),
]


@pytest.mark.goal("S1")
@pytest.mark.asvs("8.2.1")
@pytest.mark.parametrize(
    "credential", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic {right}", "Bearer {digest}", "bearer {right}", "Bearer {revoked}"]
)
@pytest.mark.parametrize(("method", "path"), ADDRESSES)
def test_no_credential_a_wrong_one_and_a_revoked_one_are_refused_alike(door, method, path, credential):
    import_id = door.announce(ONE)
    other, revoked = make_station()
    revoke_station(by=KEEPER, station_id=other.pk, now=NOW)
    said = credential.format(right=door.credential, digest=Digest.of(door.credential.encode()), revoked=revoked)
    answer = door.ask(method, path.format(import_id=import_id, digest=digest_of(ONE)), ONE, HTTP_AUTHORIZATION=said)
    assert answer.status_code == 401
    assert answer.json()["code"] == "custody.unknown_station"
    assert Frame.objects.get().state == "announced"


@pytest.mark.goal("S1")
@pytest.mark.asvs("8.2.2")
@pytest.mark.parametrize(("method", "path"), [pair for pair in ADDRESSES if "import" in pair[1]])
def test_another_stations_import_reads_like_one_that_does_not_exist(door, method, path):
    other = Door()
    theirs = other.announce(ONE)
    body = write({"reason": "unstable"}) if path.endswith("left") else ONE
    if path.endswith("certificate"):
        body = Certificate(
            card_import=uuid4(),
            station=door.station.pk,
            method="x",
            erased=(),
            left=(),
            residue=0,
            empty=True,
            filled=True,
            read_again_at=NOW,
        ).written()
    answers = [door.ask(method, path.format(import_id=import_id, digest=digest_of(ONE)), body) for import_id in (theirs, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert Frame.objects.get().state == "announced"


def test_a_staff_session_opens_nothing_here(door):
    assert Client().get("/station/v1/hello").status_code == 401


def test_a_digest_that_was_not_announced_is_not_found_and_nothing_is_kept(door):
    import_id, before = door.announce(ONE), kept()
    assert door.send(import_id, TWO).status_code == 404
    assert (kept(), StoredObject.objects.count()) == (before, 0)


@pytest.mark.goal("R4")
def test_other_bytes_than_were_announced_are_refused_and_nothing_is_kept(door):
    import_id, before = door.announce(ONE), kept()
    for wrong in (TWO, ONE[:-1], ONE + b"x", b""):
        answer = door.send(import_id, wrong, digest_of(ONE))
        assert (answer.status_code, answer.json()["code"]) in {(422, "custody.other_bytes"), (415, "custody.not_a_photo")}
    assert (kept(), Frame.objects.get().state) == (before, "announced")
    assert door.send(import_id, ONE).json()["state"] == "verified"


@pytest.mark.asvs("5.2.2")
@pytest.mark.parametrize("hostile", [b"\x7fELF" + bytes(99), b"%PDF-1.7", b"<svg>", b"%!PS-Adobe", b"MZ", b"GIF89a", b"\xff\xd8"])
def test_what_is_no_photo_by_its_first_bytes_is_refused(door, hostile):
    import_id, before = door.announce(hostile), kept()
    assert door.send(import_id, hostile).status_code == 415
    assert kept() == before


@pytest.mark.asvs("5.2.1")
def test_a_body_that_says_it_is_too_large_is_refused_before_a_byte_is_read(door):
    import_id = door.announce(ONE)
    answer = door.send(import_id, ONE, CONTENT_LENGTH=str((64 << 20) + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "custody.frame_too_large")


@pytest.mark.goal("R5")
def test_sending_again_what_was_received_changes_nothing(door):
    import_id = door.announce(ONE)
    assert door.send(import_id, ONE).status_code == 200
    stored = Frame.objects.get().stored_id
    assert door.send(import_id, TWO, digest_of(ONE)).json()["state"] == "verified"
    assert Frame.objects.get().stored_id == stored


@pytest.mark.asvs("5.3.2")
@pytest.mark.parametrize("name", ["../../x.jpg", "a/../../b.jpg", "..", "CON\0.jpg", "a\\b.jpg", "\ud800.jpg", "x" * 256])
def test_a_name_that_could_become_a_path_is_malformed(door, name):
    said = json.loads(door.manifest(ONE).written())
    said["frames"][0]["file"] = name
    raw = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii="\ud800" in name).encode()
    answer = door.ask("POST", "cards", raw)
    assert (answer.status_code, answer.json()["code"]) == (400, "custody.malformed")
    assert Import.objects.count() == 0


@pytest.mark.parametrize(
    "raw",
    [b"", b"null", b"[]", b"{}", b'{"a": 1e999}', b'{"a": ' + b"9" * 400 + b"}", b"[" * 60_000, b"\xff\xfe", b'{"version":1,"version":1}'],
)
def test_a_forged_manifest_is_malformed_and_never_a_fault(door, raw):
    answer = door.ask("POST", "cards", raw)
    assert (answer.status_code, answer.json()["code"]) == (400, "custody.malformed")


def test_a_manifest_in_another_stations_name_is_malformed(door):
    answer = door.ask("POST", "cards", door.manifest(ONE, station=Door().station.pk).written())
    assert answer.status_code == 400


def test_a_manifest_that_is_too_long_is_refused_at_once(door):
    assert door.ask("POST", "cards", b"{}", CONTENT_LENGTH=str((16 << 20) + 1)).status_code == 400


@pytest.mark.parametrize("raw", [b"", b"[]", b'{"reason": 1}', b'{"reason": "boredom"}', b"[" * 60_000])
def test_a_reason_that_nobody_knows_is_malformed(door, raw):
    import_id = door.announce(ONE)
    assert door.ask("POST", f"imports/{import_id}/frames/{digest_of(ONE)}/left", raw).status_code == 400
    assert Frame.objects.get().state == "announced"


@pytest.mark.goal("R5")
@pytest.mark.asvs("2.3.1")
def test_out_of_order_nothing_is_given(door):
    import_id = door.announce(ONE, TWO)
    assert door.ask("POST", f"imports/{import_id}/receipt").status_code == 409
    door.send(import_id, ONE)
    assert door.ask("POST", f"imports/{import_id}/receipt").json()["code"] == "custody.not_yet_verified"
    said = Certificate(
        card_import=import_id,
        station=door.station.pk,
        method="x",
        erased=(digest_of(TWO),),
        left=(),
        residue=0,
        empty=True,
        filled=True,
        read_again_at=NOW,
    )
    assert door.ask("POST", f"imports/{import_id}/certificate", said.written()).status_code == 400
    assert not Frame.objects.filter(released_at__isnull=False).exists()


@pytest.mark.requirement("D3")
def test_a_receipt_is_signed_for_this_card_and_names_what_was_read_back(door):
    import_id = door.announce(ONE, TWO)
    for data in (ONE, TWO):
        door.send(import_id, data)
    answer = door.ask("POST", f"imports/{import_id}/receipt")
    assert answer.status_code == 200
    key = VerifierKey.parse(receipt_signer().vkey)
    manifest = door.manifest(ONE, TWO).digest
    receipt = read_receipt(
        answer.content.decode(), keys=[key], card_import=Import.objects.get().pk, station=door.station.pk, manifest=manifest
    )
    assert set(receipt.digests) == {digest_of(ONE), digest_of(TWO)}
    assert door.ask("POST", f"imports/{import_id}/receipt").content == answer.content


@pytest.mark.requirement("D3")
@pytest.mark.goal("R5")
@pytest.mark.parametrize("harm", ["bit", "short", "missing", "shredded"])
def test_a_copy_that_broke_since_is_damage_and_no_receipt_names_it(door, harm):
    import_id = door.announce(ONE, TWO)
    for data in (ONE, TWO):
        door.send(import_id, data)
    first = door.ask("POST", f"imports/{import_id}/receipt").content
    frame = Frame.objects.select_related("stored").get(digest=digest_of(ONE))
    break_copy(frame, harm)
    Frame.objects.update(verified_at=clock.now() - timedelta(seconds=31))
    answer = door.ask("POST", f"imports/{import_id}/receipt")
    assert (answer.status_code, answer.json()["code"]) == (500, "custody.copy_damaged")
    frame.refresh_from_db()
    assert frame.state == "damaged"
    after = door.ask("POST", f"imports/{import_id}/receipt")
    assert digest_of(ONE) not in after.content.decode()
    assert digest_of(TWO) in after.content.decode()
    # Found on a card again it is wanted again, and then the receipt is what it was.
    said = door.ask("POST", "cards", door.manifest(ONE, TWO).written()).json()
    assert [line["digest"] for line in said["frames"] if line["wanted"]] == [digest_of(ONE)]
    assert door.send(import_id, ONE).json()["state"] == "verified"
    assert door.ask("POST", f"imports/{import_id}/receipt").content == first


def break_copy(frame: Frame, harm: str) -> None:
    place = settings.SAFELIGHT_OBJECT_STORE["folder"] / frame.stored.pk.hex[:2] / frame.stored.pk.hex
    match harm:
        case "bit":
            raw = bytearray(place.read_bytes())
            raw[-5] ^= 1
            place.write_bytes(raw)
        case "short":
            place.write_bytes(place.read_bytes()[:-1])
        case "missing":
            place.unlink()
        case "shredded":
            StoredObject.objects.filter(pk=frame.stored.pk).update(wrapped_key=None, shredded_at=NOW)


CODE = "BURN-7K2P-9QXT"


def open_a_code(at: datetime) -> None:
    make_enrolment_code(by=KEEPER, code_digest=Digest.of(CODE.encode()), now=at, new_id=uuid4())


def enrol(code: object = CODE, name: object = "Burns 2", **how: str):
    return Client().post("/station/v1/enrol", json.dumps({"code": code, "name": name}), content_type="application/json", **how)


@pytest.mark.goal("S10")
@pytest.mark.asvs("6.5.1")
def test_a_code_works_once(door):
    open_a_code(datetime.now(UTC))
    assert enrol(CODE.lower() + " ").status_code == 201
    assert (enrol().status_code, Station.objects.count()) == (403, 2)


@pytest.mark.goal("S10")
def test_a_wrong_an_old_a_used_code_and_no_code_at_all_answer_alike(door):
    answers = [enrol("WRONG")]
    open_a_code(datetime.now(UTC) - timedelta(minutes=11))
    answers.append(enrol())
    EnrolmentCode.objects.all().delete()
    open_a_code(datetime.now(UTC))
    answers += [enrol("WRONG"), enrol(), enrol()]
    assert [answer.status_code for answer in answers] == [403, 403, 403, 201, 403]
    assert len({answer.content for answer in answers if answer.status_code == 403}) == 1


@pytest.mark.goal("S10")
def test_guessing_while_no_code_is_open_writes_nothing_anywhere(door):
    before = Entry.objects.count()
    for number in range(20):
        assert enrol(f"GUESS-{number}").status_code == 403
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("code", "name"), [(1, "x"), ([], "x"), (CODE, None), (CODE, ""), (CODE, "a\nb"), (CODE, "x" * 81), (CODE, "\ud800")]
)
def test_a_malformed_enrolment_is_malformed_and_uses_nothing_up(door, code, name):
    open_a_code(datetime.now(UTC))
    assert enrol(code, name).status_code == 400
    assert enrol().status_code == 201


@pytest.mark.goal("S8")
def test_a_credential_has_256_bits_and_is_said_once(door):
    open_a_code(datetime.now(UTC))
    said = enrol().json()
    assert len(said["credential"]) == 44
    assert said["credential"] not in str(list(Station.objects.values()))
    assert said["credential"].encode() not in b"".join(bytes(body) for body in Entry.objects.values_list("body", flat=True))


@pytest.mark.asvs("12.3.1")
@pytest.mark.asvs("4.1.3")
@pytest.mark.parametrize(
    "lie", [{}, {"HTTP_X_FORWARDED_PROTO": "https"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, {"HTTP_FORWARDED": "proto=https"}]
)
def test_nothing_is_taken_over_a_network_in_the_clear(door, lie):
    open_a_code(datetime.now(UTC))
    far = {"REMOTE_ADDR": "10.1.2.3", **lie}
    assert enrol(**far).json()["code"] == "custody.not_in_the_clear"
    assert door.ask("GET", "hello", **far).json()["code"] == "custody.not_in_the_clear"
    assert enrol().status_code == 201  # and the code was not used up


@pytest.mark.asvs("4.1.4")
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "cards"), ("POST", "hello"), ("DELETE", "imports/{import_id}"), ("GET", "imports/{import_id}/receipt")]
)
def test_unused_methods_are_refused(door, method, path):
    import_id = door.announce(ONE)
    assert door.ask(method, path.format(import_id=import_id)).status_code == 405


@pytest.mark.goal("S4")
@pytest.mark.asvs("14.3.2")
def test_nothing_that_the_door_says_is_stored_on_the_way(door):
    for answer in (door.ask("GET", "hello"), door.ask("GET", f"imports/{uuid4()}"), enrol("WRONG")):
        assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_photo_asks_the_database_few_things_and_no_more(door, django_assert_max_num_queries):
    most = 15 if connection.vendor == "postgresql" else 14  # PostgreSQL is told which action writes
    import_id = door.announce(ONE, TWO)
    for one in (ONE, TWO):
        with django_assert_max_num_queries(most):
            assert door.send(import_id, one).json()["state"] == "verified"
