"""A camera out of its cabinet and back, as a ward does it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.factories.custody import check_out, make_camera, make_card, make_station, prove_empty, read_card
from tests.factories.staff import PASSWORD, code_now, make_person

from safelight.custody.actions.check_clock import check_clock
from safelight.custody.actions.report_camera_lost import report_camera_lost
from safelight.custody.actions.report_fault import report_fault
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.models import CheckOut
from safelight.custody.rules import CardSaid
from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Role
from safelight.staff.models import Person
from safelight.vault import upkeep

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
SignedIn = Callable[[Person], Page]


@pytest.fixture(autouse=True)
def _keys() -> None:
    upkeep.make_keys()


def out_button(page: Page, code: str = "CAM-07"):
    return page.get_by_role("button", name=f"Check out {code} to me")


def test_a_camera_is_out_by_two_actions_from_the_cabinet(signed_in: SignedIn, live_server, clicks):
    make_camera()
    page = signed_in(make_person())
    page.goto(f"{live_server.url}/cameras/")
    page.get_by_role("link", name="CAM-07").click()
    expect(page.get_by_role("heading", name="CAM-07 is ready")).to_be_visible()
    out_button(page).click()
    page.wait_for_url(f"{live_server.url}/")
    assert clicks(page) <= 2
    assert CheckOut.objects.get().person.username == "khan"


def test_a_camera_is_out_by_a_scan_and_one_click(signed_in: SignedIn, live_server, clicks):
    make_camera()
    page = signed_in(make_person())
    page.goto(f"{live_server.url}/cameras/")
    page.keyboard.type("CAM-07")  # the scanner types into the box that has focus, and sends Enter
    page.keyboard.press("Enter")
    out_button(page).click()
    page.wait_for_url(f"{live_server.url}/")
    assert clicks(page) <= 2


def test_the_button_is_in_view_on_a_ward_pc_and_on_a_phone(signed_in: SignedIn, live_server):
    for number in range(7, 20):
        make_camera(f"CAM-{number:02d}")
    page = signed_in(make_person())
    for width, height in ((1366, 650), (390, 740)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{live_server.url}/cameras/CAM-07/out/")
        expect(out_button(page)).to_be_in_viewport(ratio=1)


def test_a_camera_is_out_and_back_by_keyboard_alone(signed_in: SignedIn, live_server):
    camera = make_camera()
    page = signed_in(make_person())
    page.goto(f"{live_server.url}/cameras/CAM-07/out/")
    out_button(page).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/")
    prove_empty(camera.cards.get())
    page.goto(f"{live_server.url}/cameras/CAM-07/return/")
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("CAM-07 Ready"))).to_be_visible()


@pytest.mark.requirement("A3")
def test_a_second_person_signs_in_place_and_enter_sends_what_they_typed(signed_in: SignedIn, live_server):
    make_camera(two_signatures=True)
    make_person("webb", "Sr E Webb")
    page = signed_in(make_person())
    page.goto(f"{live_server.url}/cameras/CAM-07/out/")
    page.get_by_label("User name of the second person").fill("webb")
    page.get_by_label("Their password").first.fill(PASSWORD)
    page.get_by_label("Code from their app").fill(code_now())
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/")
    assert CheckOut.objects.get().second_person.username == "webb"


@pytest.mark.parametrize("width", [390, 1366])
def test_every_page_of_the_cabinet_is_accessible_and_fits(signed_in: SignedIn, live_server, width, axe, no_overflow):
    now, webb, khan = clock.now(), make_person("webb", "Sr E Webb"), make_person()
    ready, out, late, locked, faulty, lost, _ = (make_camera(f"CAM-0{number}") for number in range(1, 8))
    make_camera("CAM-08", two_signatures=True)
    check_out(out, webb)
    check_out(late, webb, out_at=now - timedelta(minutes=4), due_at=now - timedelta(minutes=1))
    check_out(locked, webb)
    return_camera(by=WORKER, camera_id=locked.pk, card=CardSaid.HAS_PHOTOS, now=clock.now())
    report_fault(by=WORKER, camera_id=faulty.pk, fault="The lens is cracked.", now=now)
    report_camera_lost(by=WORKER, camera_id=lost.pk, now=now)
    check_clock(by=WORKER, camera_id=ready.pk, ahead=timedelta(minutes=5), now=now)
    page = signed_in(khan)
    page.set_viewport_size({"width": width, "height": 768})
    for address in (
        "",
        "CAM-01/out/",
        "CAM-07/out/",
        "CAM-08/out/",
        "CAM-02/",
        "CAM-03/",
        "CAM-04/",
        "CAM-05/",
        "CAM-06/",
        "CAM-02/return/",
        "CAM-02/lost/",
        "CAM-02/fault/",
        "CAM-02/clock/",
        "register/cards/CARD-04/",
    ):
        page.goto(f"{live_server.url}/cameras/{address}")
        axe(page)
        no_overflow(page)


@pytest.mark.parametrize("width", [390, 1366])
def test_every_page_of_who_keeps_the_register_is_accessible_and_fits(signed_in: SignedIn, live_server, width, axe, no_overflow):
    camera = make_camera()
    check_out(camera, make_person("webb", "Sr E Webb", wards=["ED"]), reason="The ED camera is being mended")
    report_camera_lost(by=WORKER, camera_id=make_camera("CAM-08").pk, now=clock.now())
    _, read_in = read_card(make_card("CARD-50", volume="V"), others=("NOTES.TXT",))
    make_station()
    page = signed_in(make_person("lead", "Ms I Gee", [Role.IG_LEAD, Role.ADMINISTRATOR]))
    page.set_viewport_size({"width": width, "height": 768})
    for address in (
        "/cameras/register/",
        "/cameras/register/cabinet/",
        "/cameras/register/camera/",
        "/cameras/register/card/",
        "/cameras/register/cards/CARD-07/",
        "/settings/stations/",
        "/governance/custody/",
        f"/cameras/leftovers/{read_in}/",
    ):
        page.goto(f"{live_server.url}{address}")
        axe(page)
        no_overflow(page)


def test_a_camera_is_out_without_javascript(browser, live_server):
    from tests.factories.staff import cookie_for

    make_camera()
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "sessionid", "value": cookie_for(make_person()), "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/cameras/CAM-07/out/")
    out_button(page).click()
    page.wait_for_url(f"{live_server.url}/")
    assert CheckOut.objects.exists()
    context.close()
