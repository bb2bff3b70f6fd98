"""The pages of cameras and cards: each opens, says what it must, and does one thing."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.factories.custody import acting, check_out, make_camera, make_card, make_station, prove_empty, read_card
from tests.factories.staff import PASSWORD, code_now, make_person, sign_in

from safelight.audit.models import Entry
from safelight.custody.actions.check_clock import check_clock
from safelight.custody.actions.hold_card import hold_card
from safelight.custody.actions.report_camera_lost import report_camera_lost
from safelight.custody.actions.report_fault import report_fault
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.models import Cabinet, Camera, Card, CheckOut, EnrolmentCode, Import, LeftOver, Station
from safelight.custody.rules import CardSaid
from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Role
from safelight.kernel.digest import Digest
from safelight.vault import upkeep

pytestmark = pytest.mark.django_db
Doors = Callable[..., Client]


@pytest.fixture(autouse=True, scope="module")
def _keys() -> None:
    upkeep.make_keys()


@pytest.fixture
def signed_in() -> Doors:
    def make(role: Role = Role.CLINICIAN, username: str = "", **other: object) -> Client:
        name = username or role.value
        return sign_in(Client(), make_person(name, f"Dr {name.title()}", [role], **other))

    return make


def text(response) -> str:
    assert response.status_code == 200, response
    return " ".join(response.content.decode().split())


class TestTheCabinet:
    def test_says_of_each_camera_where_it_is_own_ward_first(self, signed_in):
        now = clock.now()
        webb, khan = make_person("webb", "Sr E Webb"), signed_in()
        ready, out, late, locked, faulty, lost = (make_camera(f"CAM-0{number}") for number in range(1, 7))
        make_camera("CAM-00", ward="ED")
        check_out(out, webb)
        check_out(late, webb, out_at=now - timedelta(minutes=4), due_at=now - timedelta(minutes=1))
        check_out(locked, webb)
        return_camera(by=WORKER, camera_id=locked.pk, card=CardSaid.HAS_PHOTOS, now=clock.now())
        report_fault(by=WORKER, camera_id=faulty.pk, fault="The lens is cracked.", now=now)
        report_camera_lost(by=WORKER, camera_id=lost.pk, now=now)
        page = text(khan.get("/cameras/"))
        for words in (
            "Ready",
            "Out",
            "Overdue",
            "Locked",
            "Faulty",
            "Lost",
            "With Sr E Webb",
            "Its card still has photos",
            "The lens is cracked.",
        ):
            assert words in page
        assert page.index("CAM-06") < page.index("CAM-00")
        assert f"/cameras/{ready.code}/out/" in page

    def test_is_found_by_its_label_and_never_by_an_address(self, signed_in):
        make_camera()
        khan = signed_in()
        assert khan.post("/cameras/find/", {"code": "cam-07"}).url == "/cameras/CAM-07/out/"
        assert "No camera has this label" in text(khan.post("/cameras/find/", {"code": "9990000018"}))
        assert "Scan the label" in text(khan.post("/cameras/find/", {"code": ""}))
        assert khan.get("/cameras/find/?code=CAM-07").status_code == 405

    def test_leads_to_a_camera_that_cannot_be_taken_by_its_own_page(self, signed_in):
        make_camera(empty=False)
        assert signed_in().post("/cameras/find/", {"code": "CAM-07"}).url == "/cameras/CAM-07/"

    def test_is_shut_to_who_is_not_signed_in(self):
        make_camera()
        assert Client().get("/cameras/").status_code == 302


class TestTakingACamera:
    def test_is_one_press_of_the_button(self, signed_in):
        make_camera()
        khan = signed_in()
        page = text(khan.get("/cameras/CAM-07/out/"))
        assert "CAM-07 is ready" in page
        assert "Card: empty. Erased and checked" in page
        assert khan.post("/cameras/CAM-07/out/", {"back": "soon"}).status_code == 302
        out = CheckOut.objects.get()
        assert timedelta(minutes=119) < out.due_at - out.out_at <= timedelta(hours=2)
        assert "is with you" in text(khan.get("/cameras/CAM-07/out/"))

    def test_shows_two_hours_as_chosen(self, signed_in):
        make_camera()
        page = text(signed_in().get("/cameras/CAM-07/out/"))
        assert page.count('type="radio"') == 2
        assert page.count(" checked>") == 1
        assert 'value="soon" checked' in page

    @pytest.mark.requirement("A10")
    def test_is_not_offered_while_the_card_is_not_proved_empty(self, signed_in):
        make_camera(empty=False)
        khan = signed_in()
        assert "Its card was never read" in text(khan.get("/cameras/CAM-07/out/"))
        assert khan.post("/cameras/CAM-07/out/", {"back": "soon"}).status_code == 409

    def test_tells_who_was_second(self, signed_in):
        camera = make_camera()
        khan = signed_in()
        check_out(camera, make_person("webb", "Sr E Webb"))
        page = khan.post("/cameras/CAM-07/out/", {"back": "soon"})
        assert page.status_code == 200
        assert "Somebody else has this camera now" in text(page)

    @pytest.mark.requirement("A6")
    def test_asks_for_a_reason_where_a_rule_stands_against_it(self, signed_in):
        camera = make_camera()
        check_clock(by=WORKER, camera_id=camera.pk, ahead=timedelta(minutes=5), now=clock.now())
        khan = signed_in(wards=["ED"], trained_until=date(2020, 1, 1))
        page = text(khan.get("/cameras/CAM-07/out/"))
        for words in ("was valid until 1 Jan 2020", "clock is wrong", "belongs to BURNS2"):
            assert words in page
        page = text(khan.post("/cameras/CAM-07/out/", {"back": "soon", "reason": " "}))
        assert "Error: " in page
        assert not CheckOut.objects.exists()
        assert khan.post("/cameras/CAM-07/out/", {"back": "soon", "reason": "No other is there"}).status_code == 302
        assert CheckOut.objects.get().set_aside == ["clock", "other_ward", "training"]

    def test_takes_any_time_within_a_day(self, signed_in):
        make_camera()
        khan = signed_in()
        assert "a time such as 14:30" in text(khan.post("/cameras/CAM-07/out/", {"back": "soon", "at": "soon"}))
        assert khan.post("/cameras/CAM-07/out/", {"back": "soon", "at": "06:30"}).status_code == 302
        assert clock.now() < CheckOut.objects.get().due_at <= clock.now() + timedelta(days=1)

    def test_of_a_camera_nobody_knows_is_not_found(self, signed_in):
        assert signed_in().get("/cameras/CAM-99/out/").status_code == 404


@pytest.mark.requirement("A3")
class TestTheSecondSignature:
    def said(self, username="webb", password=PASSWORD, code=None):
        make_person("webb", "Sr E Webb")
        return {"back": "soon", "second_username": username, "second_password": password, "second_code": code or code_now()}

    def test_is_given_in_place_by_another_person(self, signed_in):
        make_camera(two_signatures=True)
        khan = signed_in(username="khan")
        assert "asks for two signatures" in text(khan.get("/cameras/CAM-07/out/"))
        assert khan.post("/cameras/CAM-07/out/", self.said()).status_code == 302
        out = CheckOut.objects.get()
        assert (out.person.username, out.second_person.username) == ("khan", "webb")
        assert "with you" in text(khan.get("/cameras/CAM-07/"))

    def test_is_not_left_out(self, signed_in):
        make_camera(two_signatures=True)
        page = text(signed_in(username="khan").post("/cameras/CAM-07/out/", {"back": "soon"}))
        assert "A second person signs here" in page
        assert not CheckOut.objects.exists()

    @pytest.mark.parametrize("wrong", [{"password": "guessed"}, {"code": "000000"}, {"username": "nobody"}])
    def test_with_a_wrong_word_takes_nothing_and_shows_no_secret_again(self, signed_in, wrong):
        make_camera(two_signatures=True)
        page = text(signed_in(username="khan").post("/cameras/CAM-07/out/", self.said(**wrong)))
        assert "That did not fit" in page
        assert PASSWORD not in page
        assert not CheckOut.objects.exists()

    def test_is_not_the_same_persons(self, signed_in):
        make_camera(two_signatures=True)
        khan = signed_in(username="khan")
        own = {"back": "soon", "second_username": "khan", "second_password": PASSWORD, "second_code": code_now()}
        assert "another person" in text(khan.post("/cameras/CAM-07/out/", own))
        assert not CheckOut.objects.exists()

    def test_is_not_that_of_a_closed_account(self, signed_in):
        make_camera(two_signatures=True)
        khan, said = signed_in(username="khan"), self.said()
        type(make_person("webb")).objects.filter(username="webb").update(is_active=False)
        assert "That did not fit" in text(khan.post("/cameras/CAM-07/out/", said))
        assert not CheckOut.objects.exists()


class TestOneCamera:
    def test_tells_its_history_and_leads_back(self, signed_in):
        camera = make_camera()
        khan = signed_in(username="khan")
        khan.post("/cameras/CAM-07/out/", {"back": "soon"})
        page = text(khan.get("/cameras/CAM-07/"))
        assert "It is with you" in page
        assert "/cameras/CAM-07/return/" in page
        assert "What about the card?" in text(khan.get("/cameras/CAM-07/return/"))
        assert "Say what about the card" in text(khan.post("/cameras/CAM-07/return/", {}))
        assert khan.post("/cameras/CAM-07/return/", {"card": "empty"}).url == "/cameras/CAM-07/"
        camera.refresh_from_db()
        assert camera.state == "locked"
        page = text(khan.get("/cameras/CAM-07/"))
        assert "Nobody has read its card since it was out" in page
        assert khan.get("/cameras/CAM-07/return/").url == "/cameras/CAM-07/"

    def test_can_be_faulty_and_mended(self, signed_in):
        camera = make_camera()
        khan, lim = signed_in(), signed_in(Role.PHOTOGRAPHER)
        assert "Say in a few words" in text(khan.post("/cameras/CAM-07/fault/", {"fault": ""}))
        khan.post("/cameras/CAM-07/fault/", {"fault": "It fell."})
        assert "It fell." in text(khan.get("/cameras/CAM-07/"))
        assert khan.post("/cameras/CAM-07/mended/").status_code == 403
        lim.post("/cameras/CAM-07/mended/")
        camera.refresh_from_db()
        assert camera.state == "in_cabinet"

    def test_can_be_lost_with_what_was_on_it_and_found(self, signed_in):
        camera = make_camera()
        khan = signed_in()
        read_card(camera.cards.get(), frames=2)
        assert "Report CAM-07 lost?" in text(khan.get("/cameras/CAM-07/lost/"))
        told = text(khan.post("/cameras/CAM-07/lost/"))
        assert "2 photos that were read" in told
        assert "72 hours" in told
        khan.post("/cameras/CAM-07/found/")
        camera.refresh_from_db()
        assert camera.state == "locked"

    @pytest.mark.requirement("A10")
    def test_has_its_clock_compared(self, signed_in):
        camera = make_camera()
        khan = signed_in()
        assert "Give the time" in text(khan.post("/cameras/CAM-07/clock/", {"day": "2026-11-24", "at": ""}))
        from django.utils import timezone

        shown = timezone.localtime(clock.now() + timedelta(seconds=90))
        khan.post("/cameras/CAM-07/clock/", {"day": f"{shown:%Y-%m-%d}", "at": f"{shown:%H:%M:%S}"})
        camera.refresh_from_db()
        assert 85 <= camera.clock_ahead <= 91
        assert "seconds fast" in text(khan.get("/cameras/CAM-07/"))

    def test_can_be_retired_by_who_keeps_the_register(self, signed_in):
        make_camera()
        assert signed_in().post("/cameras/CAM-07/retired/").status_code == 403
        signed_in(Role.ADMINISTRATOR).post("/cameras/CAM-07/retired/")
        assert Camera.objects.get().state == "retired"


@pytest.mark.requirement("A5")
@pytest.mark.requirement("A8")
class TestTheRegister:
    def test_is_kept_on_its_pages(self, signed_in):
        admin = signed_in(Role.ADMINISTRATOR)
        said = {"code": "cab-1", "name": "Cabinet 1", "ward": "BURNS2", "two_signatures": "on"}
        assert admin.post("/cameras/register/cabinet/", said).url == "/cameras/register/"
        cabinet = Cabinet.objects.get()
        said = {"code": "CAM-01", "make": "Canon", "model": "Canon EOS 250D", "serial": "1", "cabinet": str(cabinet.pk), "shelf": ""}
        assert admin.post("/cameras/register/camera/", said).url == "/cameras/register/"
        assert "on the register already" in text(admin.post("/cameras/register/camera/", said))
        said = {"code": "CARD-01", "volume": "1234-ABCD", "camera": str(Camera.objects.get().pk)}
        assert admin.post("/cameras/register/card/", said).url == "/cameras/register/"
        page = text(admin.get("/cameras/register/"))
        for words in ("CAB-1", "CAM-01", "CARD-01", "Not read yet", "Two"):
            assert words in page
        admin.post(f"/cameras/register/cabinets/{cabinet.pk}/", {"name": "Cabinet one", "ward": "BURNS2"})
        cabinet.refresh_from_db()
        assert (cabinet.name, cabinet.two_signatures) == ("Cabinet one", False)
        changed = {"make": "Canon", "model": "Canon EOS 850D", "serial": "1", "cabinet": str(cabinet.pk), "shelf": "2"}
        admin.post("/cameras/register/cameras/CAM-01/", changed)
        assert Camera.objects.get().model == "Canon EOS 850D"
        admin.post("/cameras/register/cards/CARD-01/", {"camera": ""})
        assert Card.objects.get().camera is None

    @pytest.mark.parametrize("code", ["register", "A", "CAM 7", "../x", "-CAM"])
    def test_takes_no_code_that_an_address_cannot_carry(self, signed_in, code):
        page = signed_in(Role.ADMINISTRATOR).post("/cameras/register/cabinet/", {"code": code, "name": "X", "ward": "BURNS2"})
        assert page.status_code == 200
        assert not Cabinet.objects.exists()

    def test_is_shut_to_a_ward(self, signed_in):
        khan, camera = signed_in(), make_camera()
        for address in ("", "cabinet/", "camera/", "card/", f"cabinets/{camera.cabinet.pk}/", "cameras/CAM-07/"):
            assert khan.get(f"/cameras/register/{address}").status_code == 403

    def test_lets_anybody_report_a_card_lost_and_found(self, signed_in):
        camera = make_camera()
        khan, admin = signed_in(), signed_in(Role.ADMINISTRATOR)
        address = "/cameras/register/cards/CARD-07/"
        assert "Report it lost" in text(khan.get(address))
        assert "is reported lost" in text(khan.post(f"{address}lost/"))
        assert "It was found" in text(khan.get(address))
        khan.post(f"{address}found/")
        assert camera.cards.get().lost_at is None
        prove_empty(camera.cards.get())
        admin.post(f"{address}retired/")
        assert camera.cards.get().retired_at is not None

    def test_says_that_a_card_in_use_cannot_change_cameras(self, signed_in):
        camera = make_camera()
        check_out(camera, make_person())
        page = text(signed_in(Role.ADMINISTRATOR).post("/cameras/register/cards/CARD-07/", {"camera": ""}))
        assert "Wait until it is back" in page


class TestStations:
    def test_are_enrolled_by_a_code_that_is_shown_once(self, signed_in):
        admin = signed_in(Role.ADMINISTRATOR)
        page = admin.post("/settings/stations/code/")
        code = page.content.decode().split('id="code">')[1].split("<")[0]
        assert EnrolmentCode.objects.get().code_digest == Digest.of(code.encode())
        assert code not in text(admin.get("/settings/stations/"))
        assert code.encode() not in b"".join(bytes(entry.body) for entry in Entry.objects.all())

    def test_are_listed_and_taken_off_the_list(self, signed_in):
        admin, (station, _) = signed_in(Role.ADMINISTRATOR), make_station("Import PC")
        assert "Import PC" in text(admin.get("/settings/stations/"))
        admin.post(f"/settings/stations/{station.pk}/revoked/")
        assert Station.objects.get().revoked_at is not None
        assert "Taken off the list" in text(admin.get("/settings/stations/"))

    def test_are_shut_to_a_ward(self, signed_in):
        khan = signed_in()
        assert khan.get("/settings/stations/").status_code == 403
        assert khan.post("/settings/stations/code/").status_code == 403


class TestOversight:
    def test_shows_zeros_as_zeros(self, signed_in):
        page = text(signed_in(Role.IG_LEAD).get("/governance/custody/"))
        for words in ("Overdue: 0", "Lost: 0", "Held as evidence: 0", "to be decided: 0", "Rules set aside in 30 days: 0"):
            assert words in page

    @pytest.mark.requirement("A4")
    @pytest.mark.requirement("A2")
    def test_shows_what_went_wrong(self, signed_in):
        ig, now = signed_in(Role.IG_LEAD), clock.now()
        camera, late, gone = make_camera("CAM-01"), make_camera("CAM-02"), make_camera("CAM-03")
        check_out(camera, make_person("webb", "Sr E Webb", wards=["ED"]), reason="Ours is lost")
        check_out(late, make_person("khan"), out_at=now - timedelta(minutes=4), due_at=now - timedelta(minutes=1))
        report_camera_lost(by=WORKER, camera_id=gone.pk, now=now)
        page = text(ig.get("/governance/custody/"))
        for words in ("Ours is lost", "Another ward's camera".replace("'", "&#39;"), "Overdue: 1", "Lost: 1", "Sr E Webb"):
            assert words in page

    @pytest.mark.requirement("C9")
    def test_releases_a_held_card_by_name(self, signed_in):
        camera = make_camera()
        hold_card(by=WORKER, check_out_id=check_out(camera, make_person()).pk, now=clock.now())
        card, ig = camera.cards.get(), signed_in(Role.IG_LEAD)
        assert "Release CARD-07" in text(ig.get("/governance/custody/"))
        assert "Release CARD-07" not in text(signed_in(Role.ADMINISTRATOR).get("/governance/custody/"))
        ig.post(f"/governance/custody/cards/{card.pk}/released/")
        card.refresh_from_db()
        assert card.released_by == make_person("ig_lead").pk

    @pytest.mark.requirement("C9")
    def test_releases_a_card_that_nobody_knows(self, signed_in):
        ig = signed_in(Role.IG_LEAD)
        _, read_in = read_card(make_card("CARD-99", volume="V"), frames=1)
        Import.objects.filter(pk=read_in).update(held=True, card=None)
        assert "not on the register" in text(ig.get("/governance/custody/"))
        assert signed_in().post(f"/governance/custody/imports/{read_in}/released/").status_code == 403
        ig.post(f"/governance/custody/imports/{read_in}/released/")
        assert not Import.objects.get(pk=read_in).held
        assert ig.post(f"/governance/custody/imports/{read_in}/released/").status_code == 409

    def test_is_shut_to_a_ward(self, signed_in):
        assert signed_in().get("/governance/custody/").status_code == 403


class TestFilesLeftOnACard:
    def test_are_looked_at_and_decided(self, signed_in):
        khan, lim = signed_in(username="khan"), signed_in(Role.PHOTOGRAPHER)
        _, read_in = read_card(make_camera().cards.get(), others=("NOTES.TXT", "MENU.PDF"))
        page = text(khan.get(f"/cameras/leftovers/{read_in}/"))
        assert "NOTES.TXT" in page
        first, second = LeftOver.objects.filter(read_in=read_in)
        erase = f"/cameras/leftovers/file/{first.pk}/erase/"
        assert "Open the file on the card" in text(khan.get(erase))
        assert "Say what the file is" in text(khan.post(erase, {"reason": ""}))
        khan.post(erase, {"reason": "A menu"})
        khan.post(f"/cameras/leftovers/file/{second.pk}/give/")
        assert "1 file" in text(lim.get("/governance/custody/"))
        assert "Given to the medical photographer" in text(lim.get(f"/cameras/leftovers/{read_in}/"))
        first.refresh_from_db()
        assert (first.decision, first.decided_by) == ("erase", acting(make_person("khan")).id)
