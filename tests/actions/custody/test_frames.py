"""A card's frames, from the manifest to the certificate, through the actions alone."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from tests.factories.custody import KEEPER, check_out, make_camera, make_card, make_station
from tests.factories.frames import NOW, digest_of, photo, read_a_card
from tests.factories.staff import make_person
from tests.servers.site import make_keys

from handover.manifest import OtherLine
from handover.reasons import Left
from safelight.audit.models import Entry, Move
from safelight.audit.moves import move_all
from safelight.custody import queries, receipts
from safelight.custody.actions.confirm_erasure import confirm_erasure
from safelight.custody.actions.decide_leftover import decide_leftover
from safelight.custody.actions.enrol_station import enrol_station
from safelight.custody.actions.hold_card import hold_card
from safelight.custody.actions.make_enrolment_code import make_enrolment_code
from safelight.custody.actions.receive_frame import receive_frame
from safelight.custody.actions.release_card import release_card
from safelight.custody.actions.release_import import release_import
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.errors import CodeNotGood, HeldForEvidence, Malformed, NotForYou, OtherBytes
from safelight.custody.lifecycle import FRAME, FrameMove
from safelight.custody.models import Card, Frame, Import, LeftOver, Place, Station
from safelight.custody.rules import CardSaid, Decision
from safelight.intake import tray
from safelight.kernel.actor import NOBODY, OPERATOR, WORKER, Actor, ActorKind, Role
from safelight.kernel.digest import Digest
from safelight.kernel.errors import NotFound
from safelight.kernel.lifecycle import NotPossibleNow
from safelight.vault import objects
from safelight.vault.kept import TRAY
from safelight.vault.models import Rendition, StoredObject

pytestmark = pytest.mark.django_db
ONE, TWO, THREE = photo(1), photo(2), photo(3)
PHOTOGRAPHER = Actor(kind=ActorKind.STAFF, id=uuid4(), roles=frozenset({Role.PHOTOGRAPHER}), aal=2)


@pytest.fixture(autouse=True, scope="module")
def _keys():
    make_keys()


def brought(*data: bytes, **how):
    """A card whose photos are all in the vault, read back whole."""
    reading = read_a_card(*data, **how)
    for one in data:
        reading.receive(one)
        reading.verify(one)
    return reading


@pytest.mark.requirement("D8")
def test_the_same_manifest_is_the_same_import_and_another_stations_is_another():
    station, _ = make_station()
    first, again = read_a_card(ONE, station=station), read_a_card(ONE, station=station)
    other = read_a_card(ONE)
    assert first.import_id == again.import_id != other.import_id
    assert Frame.objects.count() == 1
    assert Place.objects.filter(read_in=first.import_id).count() == 1


def test_places_stand_in_shooting_order_with_raw_and_jpeg_as_a_pair():
    reading = read_a_card(ONE, TWO)
    places = list(queries.places_of(WORKER, reading.import_id))
    assert [(place.position, place.folder_number, place.file_number) for place in places] == [(0, 100, 1), (1, 100, 2)]
    assert places[0].pair != places[1].pair


def test_a_registered_card_is_seen_and_not_known_to_be_empty_until_it_was_read_to_its_end():
    card = make_card(volume="exfat-12345678")
    Card.objects.update(proved_empty_at=NOW - timedelta(days=1))
    reading = brought(ONE, volume="exfat-12345678")
    card.refresh_from_db()
    assert (card.seen_at, card.proved_empty_at) == (NOW, None)
    reading.permit()
    reading.confirm(ONE)
    card.refresh_from_db()
    assert card.proved_empty_at == NOW


@pytest.mark.requirement("A10")
@pytest.mark.parametrize("changed", [{"residue": 1}, {"empty": False}])
def test_a_card_with_a_trace_or_a_file_is_not_proved_empty(changed):
    card = make_card(volume="exfat-12345678")
    reading = brought(ONE, volume="exfat-12345678")
    reading.permit()
    reading.confirm(ONE, **changed)
    card.refresh_from_db()
    assert card.proved_empty_at is None


@pytest.mark.requirement("D3")
def test_a_receipt_that_is_asked_for_again_is_the_same_bytes():
    reading = brought(ONE, TWO)
    first = receipts.signed(reading.permit())
    again = receipts.signed(reading.permit(now=NOW + timedelta(minutes=3)))
    assert first == again
    reading.confirm(ONE, TWO)
    assert receipts.signed(reading.permit(now=NOW + timedelta(minutes=5))) == first


def test_the_bytes_of_a_frame_are_those_that_were_announced():
    reading = read_a_card(ONE)
    kept = objects.keep([TWO], rendition=Rendition.RECORD, holder=TRAY, limit=1 << 20)
    with pytest.raises(OtherBytes):
        receive_frame(by=reading.by, import_id=reading.import_id, digest=Digest(digest_of(ONE)), kept=kept, now=NOW)
    assert StoredObject.objects.count() == 0
    assert reading.frame(ONE).state == "announced"


@pytest.mark.asvs("8.2.2")
def test_another_stations_import_does_not_exist_for_a_station():
    reading, other = brought(ONE), read_a_card(TWO)
    reading.by = other.by
    for ask in (
        lambda: queries.frames_of(other.by, reading.import_id),
        lambda: queries.frame_in(other.by, reading.import_id, digest_of(ONE)),
        lambda: queries.given_up(other.by, reading.import_id),
        reading.permit,
        lambda: reading.confirm(ONE),
        lambda: reading.leave(ONE),
    ):
        with pytest.raises(NotFound):
            ask()


@pytest.mark.goal("R5")
def test_a_station_cannot_say_that_it_erased_what_another_one_read():
    mine, other = read_a_card(ONE), brought(TWO)
    other.permit()
    with pytest.raises(Malformed):
        mine.confirm(TWO)
    with pytest.raises(Malformed):
        mine.confirm(b"never heard of")
    assert other.frame(TWO).state == "released"


def test_a_certificate_for_another_import_is_malformed():
    reading, other = read_a_card(), read_a_card()
    with pytest.raises(Malformed):
        confirm_erasure(by=reading.by, import_id=reading.import_id, certificate=other.certificate(), now=NOW)
    with pytest.raises(Malformed):
        reading.confirm(station=uuid4())


@pytest.mark.goal("R2")
def test_the_next_certificate_ends_an_import_that_a_power_cut_kept_from_its_end():
    station, _ = make_station()
    first = brought(ONE, TWO, station=station)
    first.permit()  # and the power goes while the first file is overwritten
    rest = read_a_card(TWO, station=station)
    rest.permit(now=NOW + timedelta(minutes=1))
    rest.confirm(ONE, TWO, now=NOW + timedelta(minutes=1))
    assert [frame.state for frame in Frame.objects.all()] == ["erased", "erased"]
    assert not Import.objects.filter(finished_at=None).exists()
    assert not Place.objects.filter(erased_at=None).exists()


@pytest.mark.goal("R2")
def test_an_import_of_which_something_is_elsewhere_is_not_ended_by_another_card():
    station, _ = make_station()
    first = brought(ONE, TWO, station=station)
    first.permit()
    other = brought(THREE, station=station)
    other.permit()
    other.confirm(THREE)
    assert Import.objects.get(pk=first.import_id).finished_at is None


@pytest.mark.requirement("D8")
def test_a_card_that_comes_back_is_begun_again():
    station, _ = make_station()
    reading = brought(ONE, station=station)
    reading.permit()
    reading.confirm(ONE)
    again = read_a_card(ONE, station=station)
    assert again.import_id == reading.import_id
    assert Import.objects.get().finished_at is None
    again.confirm(ONE)
    assert Import.objects.get().finished_at == NOW


def evidential(volume: str = "") -> Card | None:
    """A camera is out for a safeguarding sequence; its card is held."""
    camera, person = make_camera(at=NOW - timedelta(hours=2)), make_person()
    out = check_out(camera, person, out_at=NOW - timedelta(hours=1))
    hold_card(by=KEEPER, check_out_id=out.pk, now=NOW - timedelta(minutes=30))
    return Card.objects.get(code="CARD-07") if not volume else None


@pytest.mark.requirement("C9")
@pytest.mark.requirement("D5")
def test_a_card_that_is_held_is_not_wiped_until_a_named_person_releases_it():
    card = evidential()
    reading = brought(ONE, volume=card.volume)
    assert Import.objects.get(pk=reading.import_id).held
    with pytest.raises(HeldForEvidence):
        reading.permit()
    assert reading.frame(ONE).state == "verified"
    with pytest.raises(NotForYou):
        release_card(by=OPERATOR, card_id=card.pk, now=NOW)
    release_card(by=PHOTOGRAPHER, card_id=card.pk, now=NOW)
    assert reading.permit().digests == (digest_of(ONE),)
    assert not Import.objects.get(pk=reading.import_id).held


@pytest.mark.requirement("C9")
@pytest.mark.requirement("D5")
def test_a_card_that_nobody_knows_is_held_also_after_the_camera_came_home():
    card = evidential()
    station, _ = make_station()
    reading = brought(ONE, station=station, volume="exfat-unknown")
    with pytest.raises(HeldForEvidence):
        reading.permit()
    return_camera(by=WORKER, camera_id=card.camera_id, card=CardSaid.HAS_PHOTOS, now=NOW)
    again = read_a_card(ONE, station=station, volume="exfat-unknown")
    with pytest.raises(HeldForEvidence):
        again.permit()
    # Put on the register it is held like any other card, and can be released by name.
    known = make_card("CARD-99", volume="exfat-unknown")
    read_a_card(ONE, station=station, volume="exfat-unknown")
    with pytest.raises(HeldForEvidence):
        again.permit()
    release_card(by=PHOTOGRAPHER, card_id=known.pk, now=NOW + timedelta(minutes=1))
    assert again.permit(now=NOW + timedelta(minutes=1)).digests == (digest_of(ONE),)


@pytest.mark.requirement("C9")
@pytest.mark.requirement("D5")
def test_a_card_that_nobody_knows_is_held_when_the_camera_came_home_first():
    """Formatted in the camera, a card has a new identity: the photos may be on it, until a card of the camera was read."""
    card = evidential()
    return_camera(by=WORKER, camera_id=card.camera_id, card=CardSaid.EMPTY, now=NOW - timedelta(minutes=1))
    station, _ = make_station()
    reading = brought(ONE, volume="exfat-unknown", station=station)
    with pytest.raises(HeldForEvidence):
        reading.permit()
    assert tray.may_be_evidence(WORKER, Import.objects.get(pk=reading.import_id), [])
    release_import(by=PHOTOGRAPHER, import_id=reading.import_id, now=NOW)
    again = read_a_card(ONE, station=station, volume="exfat-unknown")
    assert again.permit().digests == (digest_of(ONE),)
    brought(TWO, volume=card.volume, station=station)
    assert brought(THREE, volume="exfat-other", station=station).permit().digests == (digest_of(THREE),)


@pytest.mark.requirement("C9")
def test_a_card_that_is_held_only_when_the_wiping_is_asked_for_is_noted_by_the_certificate():
    reading = brought(ONE, volume="exfat-unknown")
    evidential()
    with pytest.raises(HeldForEvidence):
        reading.permit()
    reading.confirm(left=((digest_of(ONE), Left.HELD),), empty=False)
    assert Import.objects.get(pk=reading.import_id).held
    assert reading.frame(ONE).state == "verified"


NOTE = OtherLine(path="VOICE.WAV", size=9, why=Left.UNKNOWN_FILE, digest=digest_of(b"a voice"))


@pytest.mark.requirement("A10")
def test_another_file_is_given_up_by_its_bytes_on_its_card_also_at_a_later_reading():
    station, _ = make_station()
    first = read_a_card(ONE, station=station, volume="CARD-A", others=(NOTE,))
    assert queries.given_up(first.by, first.import_id) == []
    decide_leftover(by=KEEPER, leftover_id=LeftOver.objects.get().pk, decision=Decision.ERASE, reason="A voice memo of the wall.", now=NOW)
    later = read_a_card(station=station, volume="CARD-A", others=(NOTE,))  # the photo is gone, so the manifest is another
    assert later.import_id != first.import_id
    assert queries.given_up(later.by, later.import_id) == [NOTE.digest]
    elsewhere = read_a_card(station=station, volume="CARD-B", others=(NOTE,))
    assert queries.given_up(elsewhere.by, elsewhere.import_id) == []


@pytest.mark.requirement("A10")
def test_a_file_that_nobody_could_read_is_never_given_up():
    blind = OtherLine(path="IMG_0002.JPG", size=0, why=Left.UNREADABLE)
    reading = read_a_card(ONE, volume="CARD-A", others=(blind,))
    LeftOver.objects.update(decision="erase")
    assert queries.given_up(reading.by, reading.import_id) == []


@pytest.mark.goal("R5")
def test_frames_are_released_together_or_none_is():
    reading = brought(ONE, TWO)
    seen = [reading.frame(ONE), reading.frame(TWO)]
    reading.damage(TWO)
    with pytest.raises(NotPossibleNow), transaction.atomic():
        move_all(seen, FRAME, FrameMove.RELEASE, by=WORKER, at=NOW, released_at=NOW)
    assert [reading.frame(one).state for one in (ONE, TWO)] == ["verified", "damaged"]
    assert not Move.objects.filter(move="release").exists()


def test_a_release_of_many_leaves_the_steps_that_one_leaves():
    reading = brought(ONE, TWO)
    reading.permit()
    steps = set(Move.objects.filter(move="release").values_list("row", "before", "after", "by", "at"))
    assert steps == {(reading.frame(one).pk, "verified", "released", reading.by.id, NOW) for one in (ONE, TWO)}


def test_leaving_a_frame_that_the_vault_has_leaves_it_there():
    reading = brought(ONE)
    assert reading.leave(ONE).state == "verified"


@pytest.mark.requirement("I1")
@pytest.mark.goal("S8")
def test_the_ledger_holds_no_name_of_a_file():
    reading = brought(ONE, others=(NOTE,))
    reading.permit()
    reading.confirm(ONE)
    bodies = b"".join(bytes(body) for body in Entry.objects.values_list("body", flat=True))
    assert b"IMG_0001" not in bodies
    assert b"VOICE" not in bodies
    assert b"custody.ErasureConfirmed" in bodies


CODE = Digest.of(b"A-CODE")


def open_a_code(at=NOW):
    make_enrolment_code(by=KEEPER, code_digest=CODE, now=at, new_id=uuid4())


def enrol(code=CODE, *, at=NOW):
    enrol_station(by=NOBODY, code_digest=code, name="Burns 2", credential_digest=Digest.of(uuid4().bytes), now=at, new_id=uuid4())


@pytest.mark.asvs("6.5.1")
def test_a_code_enrols_one_station_within_ten_minutes():
    open_a_code()
    with pytest.raises(CodeNotGood):
        enrol(Digest.of(b"another"))
    with pytest.raises(CodeNotGood):
        enrol(at=NOW + timedelta(minutes=10, seconds=1))
    enrol(at=NOW + timedelta(minutes=9))
    with pytest.raises(CodeNotGood):
        enrol(at=NOW + timedelta(minutes=9))
    assert Station.objects.count() == 1


def test_a_clinician_makes_no_code():
    with pytest.raises(NotForYou):
        make_enrolment_code(
            by=Actor(kind=ActorKind.STAFF, id=uuid4(), roles=frozenset({Role.CLINICIAN}), aal=2), code_digest=CODE, now=NOW, new_id=uuid4()
        )


@pytest.mark.goal("S8")
def test_only_the_digest_of_a_credential_is_stored():
    station, credential = make_station()
    assert station.credential_digest == Digest.of(credential.encode())
    assert credential not in str(Station.objects.values())
