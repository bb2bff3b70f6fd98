"""Where questions begin and notices are set up, as a browser shows them: ticks on the patient's page, a pager of one's own."""

import os
import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from tests.factories.notices import make_webhook
from tests.factories.sharing import make_shareable
from tests.factories.staff import cookie_for, make_person
from tests.factories.teams import make_team

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
WIDTHS = ((390, 844), (1366, 768))
PICTURES = os.environ.get("SAFELIGHT_TEST_PICTURES", "")


@pytest.fixture
def looked_at(axe, no_overflow):
    """Looks at a page on a phone and on a ward PC: nothing for axe to find, nothing that sticks out."""

    def look(page: Page, name: str) -> None:
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            if PICTURES:
                page.screenshot(path=f"{PICTURES}/{name}-{width}.png")
            axe(page)
            no_overflow(page)

    return look


@pytest.fixture
def shareable():
    make_webhook(team=make_team(people=(make_person("lim", "Mr C Lim"),)))
    return make_shareable(photos=3)


def test_photos_are_ticked_by_keyboard_and_asked_about(signed_in, shareable, live_server, looked_at):
    page = signed_in(shareable.record.person)
    page.goto(f"{live_server.url}{reverse('photographs:patient', args=[shareable.record.patient.pk])}")
    looked_at(page, "ticks")
    ticks = page.get_by_label(re.compile("^Tick"))
    for place in (0, 2):
        ticks.nth(place).focus()
        page.keyboard.press("Space")
    button = page.get_by_role("button", name="Ask about the ticked photos")
    expect(button).to_be_in_viewport()
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ask a colleague")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Covered copy"))).to_have_count(2)
    page.wait_for_load_state("networkidle")


def test_photos_are_ticked_without_scripts(browser: Browser, shareable, live_server):
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": cookie_for(shareable.record.person), "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('photographs:patient', args=[shareable.record.patient.pk])}")
    page.get_by_label(re.compile("^Tick")).nth(1).check()
    page.get_by_role("button", name="Ask about the ticked photos").click()
    expect(page.get_by_role("img", name=re.compile("Covered copy"))).to_have_count(1)
    page.wait_for_load_state("networkidle")
    context.close()


def test_a_pager_of_ones_own_is_added_and_its_secret_shown_once(signed_in, live_server, looked_at):
    page = signed_in(make_person())
    page.goto(f"{live_server.url}/me/notices/")
    looked_at(page, "my-notices")
    page.get_by_role("link", name="Add a pager or text messages of your own").click()
    page.get_by_label("What you call it").fill("My pager")
    page.get_by_label("Address").fill("https://pager.example/call")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Enter this secret at the gateway. It is shown once.")).to_be_visible()
    looked_at(page, "my-gateway")
