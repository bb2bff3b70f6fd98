"""The register: cabinets, cameras and cards, and who keeps it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tests.factories.custody import KEEPER, acting, check_out, make_cabinet, make_camera, make_card, make_station, prove_empty

from safelight.audit.models import Entry
from safelight.custody import queries, registry
from safelight.custody.actions.change_cabinet import change_cabinet
from safelight.custody.actions.change_camera import change_camera
from safelight.custody.actions.hold_card import hold_card
from safelight.custody.actions.move_card import move_card
from safelight.custody.actions.register_cabinet import register_cabinet
from safelight.custody.actions.register_camera import register_camera
from safelight.custody.actions.register_card import register_card
from safelight.custody.actions.retire_camera import retire_camera
from safelight.custody.actions.retire_card import retire_card
from safelight.custody.actions.revoke_station import revoke_station
from safelight.custody.errors import AlreadyRegistered, CardNotEmpty, NotForYou, StillInUse
from safelight.custody.models import Cabinet, Camera, Card, Station
from safelight.kernel.actor import WORKER, Role
from safelight.kernel.errors import NotFound

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LATER = NINE + timedelta(hours=1)
pytestmark = pytest.mark.django_db


def camera_like(camera, **other):
    said = {"code": "CAM-99", "make": camera.make, "model": camera.model, "serial": "", "shelf": "", **other}
    return register_camera(by=KEEPER, cabinet_id=camera.cabinet_id, now=NINE, new_id=uuid4(), **said)


@pytest.mark.requirement("A5")
class TestOnlyWhoKeepsTheRegister:
    def test_writes_into_it(self, person):
        khan, camera = acting(person()), make_camera(at=NINE)
        card, cabinet = Card.objects.get(), camera.cabinet
        station, _ = make_station()
        tries = [
            lambda: register_cabinet(by=khan, code="X", name="X", ward="ED", two_signatures=False, now=NINE, new_id=uuid4()),
            lambda: register_camera(
                by=khan, code="X", make="A", model="B", serial="", cabinet_id=cabinet.pk, shelf="", now=NINE, new_id=uuid4()
            ),
            lambda: register_card(by=khan, code="X", volume="", camera_id=None, now=NINE, new_id=uuid4()),
            lambda: change_cabinet(by=khan, cabinet_id=cabinet.pk, name="X", ward="ED", two_signatures=False, now=NINE),
            lambda: change_camera(by=khan, camera_id=camera.pk, make="A", model="B", serial="", cabinet_id=cabinet.pk, shelf="", now=NINE),
            lambda: move_card(by=khan, card_id=card.pk, camera_id=None, now=NINE),
            lambda: retire_camera(by=khan, camera_id=camera.pk, now=NINE),
            lambda: retire_card(by=khan, card_id=card.pk, now=NINE),
            lambda: revoke_station(by=khan, station_id=station.pk, now=NINE),
        ]
        for attempt in tries:
            with pytest.raises(NotForYou):
                attempt()

    @pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PHOTOGRAPHER])
    def test_is_an_administrator_or_the_photographer(self, person, role):
        by = acting(person("lim", role=role))
        register_cabinet(by=by, code=" cab-x ", name="X", ward="ED", two_signatures=True, now=NINE, new_id=uuid4())
        assert Cabinet.objects.get().code == "CAB-X"


@pytest.mark.requirement("A5")
class TestACamera:
    def test_has_a_lockable_home(self):
        with pytest.raises(NotFound):
            register_camera(by=KEEPER, code="X", make="A", model="B", serial="", cabinet_id=uuid4(), shelf="", now=NINE, new_id=uuid4())

    def test_has_a_code_of_its_own_whatever_its_case(self):
        camera = make_camera(at=NINE)
        with pytest.raises(AlreadyRegistered):
            camera_like(camera, code="cam-07")

    def test_has_a_body_serial_number_of_its_own(self):
        camera = make_camera(at=NINE)
        with pytest.raises(AlreadyRegistered):
            camera_like(camera, serial=camera.serial.lower())
        with pytest.raises(AlreadyRegistered):
            other = camera_like(camera, serial="ANOTHER")
            change_camera(
                by=KEEPER,
                camera_id=other.pk,
                make=camera.make,
                model=camera.model,
                serial=camera.serial,
                cabinet_id=camera.cabinet_id,
                shelf="",
                now=NINE,
            )

    def test_can_be_corrected_and_moved_to_another_cabinet(self):
        camera, ed = make_camera(at=NINE), make_cabinet("CAB-ED", ward="ED")
        change_camera(by=KEEPER, camera_id=camera.pk, make="Nikon", model="D5600", serial="1", cabinet_id=ed.pk, shelf="2", now=NINE)
        camera.refresh_from_db()
        assert (camera.make, camera.cabinet, camera.code) == ("Nikon", ed, "CAM-07")
        for wrong in ({"camera_id": uuid4(), "cabinet_id": ed.pk}, {"camera_id": camera.pk, "cabinet_id": uuid4()}):
            with pytest.raises(NotFound):
                change_camera(by=KEEPER, make="A", model="B", serial="", shelf="", now=NINE, **wrong)

    def test_that_is_retired_is_known_no_longer(self):
        camera = make_camera(at=NINE)
        retire_camera(by=KEEPER, camera_id=camera.pk, now=NINE)
        assert queries.known_camera(WORKER, make="Canon", model="EOS 250D", serial="SN-CAM-07") is None
        assert queries.cameras(WORKER) == []


class TestACabinet:
    @pytest.mark.requirement("A2")
    def test_has_a_code_of_its_own(self):
        make_cabinet("CAB-B")
        with pytest.raises(AlreadyRegistered):
            register_cabinet(by=KEEPER, code="cab-b", name="X", ward="ED", two_signatures=False, now=NINE, new_id=uuid4())

    @pytest.mark.requirement("A3")
    def test_can_begin_to_ask_for_two_signatures(self):
        cabinet = make_cabinet()
        change_cabinet(by=KEEPER, cabinet_id=cabinet.pk, name="B", ward="ED", two_signatures=True, now=NINE)
        assert Cabinet.objects.get().two_signatures
        with pytest.raises(NotFound):
            change_cabinet(by=KEEPER, cabinet_id=uuid4(), name="B", ward="ED", two_signatures=True, now=NINE)


@pytest.mark.requirement("A8")
class TestACard:
    def test_counts_as_full_until_a_station_has_read_it(self):
        assert make_card().proved_empty_at is None

    def test_is_on_the_register_once(self):
        make_card("CARD-07", volume="V")
        for code, volume in (("card-07", ""), ("CARD-08", "V")):
            with pytest.raises(AlreadyRegistered):
                make_card(code, volume=volume)
        with pytest.raises(NotFound):
            register_card(by=KEEPER, code="X", volume="", camera_id=uuid4(), now=NINE, new_id=uuid4())

    def test_that_changes_cameras_leaves_an_entry_of_both(self):
        first, second = make_camera("CAM-07", at=NINE), make_camera("CAM-08", at=NINE)
        card = first.cards.get()
        move_card(by=KEEPER, card_id=card.pk, camera_id=second.pk, now=LATER)
        body = bytes(Entry.objects.latest("seq").body).decode()
        assert str(first.pk) in body
        assert str(second.pk) in body
        assert second.cards.count() == 2

    def test_takes_its_photos_along_when_it_changes_cameras(self, person):
        camera, card = make_camera(at=NINE), make_card("CARD-09", volume="FULL", at=NINE)
        move_card(by=KEEPER, card_id=card.pk, camera_id=camera.pk, now=NINE)
        with pytest.raises(CardNotEmpty):
            check_out(camera, person(), out_at=LATER)

    def test_is_not_changed_while_its_camera_is_out(self, person):
        camera = make_camera(at=NINE)
        check_out(camera, person(), out_at=LATER)
        with pytest.raises(StillInUse):
            move_card(by=KEEPER, card_id=camera.cards.get().pk, camera_id=None, now=LATER)
        for wrong in ({"card_id": uuid4(), "camera_id": None}, {"card_id": camera.cards.get().pk, "camera_id": uuid4()}):
            with pytest.raises(NotFound):
                move_card(by=KEEPER, now=LATER, **wrong)

    def test_retires_only_when_it_is_proved_empty_and_not_held(self, person):
        card = make_card(volume="V", at=NINE)
        with pytest.raises(StillInUse):
            retire_card(by=KEEPER, card_id=card.pk, now=LATER)
        prove_empty(card, at=NINE)
        retire_card(by=KEEPER, card_id=card.pk, now=LATER)
        with pytest.raises(NotFound):
            retire_card(by=KEEPER, card_id=card.pk, now=LATER)

    @pytest.mark.requirement("D5")
    def test_that_is_held_does_not_retire(self, person):
        camera = make_camera(at=NINE)
        out = check_out(camera, person(), out_at=LATER)
        hold_card(by=WORKER, check_out_id=out.pk, now=LATER)
        prove_empty_anyway = Card.objects.filter(camera=camera)
        prove_empty_anyway.update(proved_empty_at=LATER + timedelta(hours=1))
        with pytest.raises(StillInUse):
            retire_card(by=KEEPER, card_id=camera.cards.get().pk, now=LATER)


def test_a_station_is_taken_off_the_list_once():
    station, _ = make_station()
    revoke_station(by=KEEPER, station_id=station.pk, now=NINE)
    assert Station.objects.get().revoked_at == NINE
    with pytest.raises(NotFound):
        revoke_station(by=KEEPER, station_id=station.pk, now=NINE)


def test_the_register_is_read_by_insiders_only():
    from safelight.kernel.actor import NOBODY

    make_camera(at=NINE)
    for empty in (queries.cameras(NOBODY), registry.cabinets(NOBODY), registry.cards(NOBODY), queries.stations(NOBODY)):
        assert empty == []
    with pytest.raises(NotFound):
        queries.camera(NOBODY, "CAM-07")
    assert Camera.objects.get() == queries.camera(WORKER, "cam-07")
