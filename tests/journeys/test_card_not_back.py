"""A card was taken out too early and is lost: its photos come into the tray by keyboard, and every page of it can be read by everybody."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from tests.factories.custody import make_camera, make_station
from tests.factories.frames import come_ahead, photo
from tests.factories.staff import make_person

from safelight.custody.models import Import
from safelight.kernel import clock
from safelight.kernel.actor import Role

pytestmark = [pytest.mark.journey, pytest.mark.one_database, pytest.mark.django_db(transaction=True)]


def test_it_is_given_up_by_keyboard_and_each_page_fits(signed_in, live_server, axe, no_overflow, tmp_path):
    lead = make_person("lead", "Ms I Gee", [Role.IG_LEAD])
    make_camera()
    early = clock.now() - timedelta(minutes=3)
    come_ahead(make_station("Burns 2")[0], photo(1), photo(2), told=(photo(3),), volume="VOL-CAM-07", now=early)
    page = signed_in(lead)

    def look(name: str) -> None:
        for width in (390, 1366):
            page.set_viewport_size({"width": width, "height": 768})
            axe(page)
            no_overflow(page)
            page.screenshot(path=tmp_path / f"{name}-{width}.png", full_page=True)

    page.goto(f"{live_server.url}/imports/")
    look("imports")
    page.get_by_role("link", name="It cannot be put in").press("Enter")
    expect(page.get_by_role("heading", name="A card that was not read to its end")).to_be_visible()
    look("card")
    page.get_by_role("link", name="Ask to throw them away").press("Enter")
    expect(page.get_by_role("heading", name="Throw 2 photos away?")).to_be_visible()
    look("away")
    page.get_by_role("link", name="The card").press("Enter")

    page.get_by_role("button", name="Take the 2 photos into the tray").press("Enter")
    expect(page.get_by_role("link", name="Say why the card is not put in again")).to_be_visible()
    look("fault")
    page.get_by_label("It is lost").press("Space")
    page.get_by_role("button", name="Take the 2 photos into the tray").press("Enter")
    expect(page.get_by_role("heading", name="The card was not read to its end")).to_be_visible()
    look("given-up")
    assert Import.objects.exclude(given_up="").get().given_up == "lost"
