"""A second opinion from both ends: asked in three clicks on a ward PC, answered in four taps on a phone, taken back with one."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from tests.factories.notices import make_webhook
from tests.factories.sharing import WORDS, Shareable, answer, ask, make_asked, make_shareable, open_it
from tests.factories.staff import cookie_for
from tests.factories.teams import make_team
from tests.journeys import kit

from safelight.sharing.models import Answer, Opinion, Quick
from safelight.staff.models import Person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
# Each picture is drawn for its reader when it is asked for: on a busy machine an answer to a form may come behind some of them.
PATIENT = 20_000


@pytest.fixture
def lim() -> Person:
    return make_asked()


@pytest.fixture
def shareable(lim) -> Shareable:
    """Two covered photos, and Burns on call, whom something urgent reaches."""
    make_webhook(team=make_team(people=(lim,)))
    return make_shareable(photos=2)


@pytest.fixture
def ask_page(signed_in, shareable, live_server) -> Page:
    page = signed_in(shareable.record.person)
    page.goto(f"{live_server.url}{reverse('sharing:ask')}?photos={','.join(str(one.pk) for one in shareable.photographs)}")
    pictures(page)
    return page


@pytest.fixture
def phone(browser: Browser, lim, live_server):
    """The phone of Mr C Lim, signed in."""
    context = browser.new_context(viewport=PHONE, has_touch=True, locale="en-GB", timezone_id="Europe/London", reduced_motion="reduce")
    context.add_init_script(kit.COUNT)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie_for(lim), "url": live_server.url}])
    yield context.new_page()
    context.close()


def pictures(page: Page) -> None:
    """Every picture of the page is there."""
    page.wait_for_load_state("networkidle")
    assert all(page.evaluate("() => [...document.querySelectorAll('main img')].map(one => one.naturalWidth)"))


@pytest.mark.goal("S2")
def test_asked_in_three_clicks_answered_in_four_taps_and_taken_back_with_one(ask_page, phone, live_server, axe, no_overflow, clicks):
    axe(ask_page)
    no_overflow(ask_page)
    expect(ask_page.get_by_label("Your question")).to_be_focused()
    expect(ask_page.get_by_label("Burns on call")).to_be_checked()
    send = ask_page.get_by_role("button", name="Send to Mr C Lim")
    expect(send).to_be_in_viewport()
    before = clicks(ask_page)
    ask_page.keyboard.type(WORDS)
    ask_page.get_by_label("Urgent: now").check()
    send.click()
    expect(ask_page.get_by_text("Not opened yet.")).to_be_visible(timeout=PATIENT)
    assert clicks(ask_page) - before <= 3
    expect(ask_page.get_by_text("Ring 4321 if you cannot wait.").first).to_be_visible(timeout=PATIENT)
    axe(ask_page)
    no_overflow(ask_page)

    phone.goto(f"{live_server.url}/o/{Opinion.objects.get().public_id}/")  # the first tap: the notice
    kit.no_finding(phone)
    before = kit.hands(phone)
    phone.get_by_role("button", name="Open it").tap()
    expect(phone.get_by_text(WORDS)).to_be_visible(timeout=PATIENT)
    pictures(phone)
    kit.no_finding(phone)
    kit.fits(phone, (320, 390))
    expect(phone.get_by_text("SAMPLE")).to_have_count(0)
    phone.get_by_role("radio", name="On my way").tap()
    phone.get_by_role("button", name="Send and file").tap()
    expect(phone.get_by_text("Filed in the record.")).to_be_visible(timeout=PATIENT)
    assert kit.hands(phone) - before <= 3
    assert Answer.objects.get().quick == Quick.ON_MY_WAY

    expect(ask_page.get_by_role("button", name="I have read it and will act")).to_be_visible(timeout=PATIENT)  # it drew itself anew
    axe(ask_page)
    before = clicks(ask_page)
    ask_page.get_by_role("button", name="Take it back").click()
    expect(ask_page.get_by_text("cannot open it again")).to_be_visible(timeout=PATIENT)
    assert clicks(ask_page) - before == 1
    axe(ask_page)
    no_overflow(ask_page)
    expect(phone.get_by_role("heading", name="This question was closed")).to_be_visible(timeout=PATIENT)  # the open viewer left by itself
    assert phone.locator("main img").count() == 0


@pytest.mark.one_database
def test_how_soon_and_a_name_are_asked_about_and_the_words_are_kept(ask_page, axe, no_overflow):
    ask_page.get_by_label("Your question").fill("Is the wound of Mr Sample infected?")
    ask_page.get_by_role("button", name="Send to").click()
    expect(ask_page.get_by_role("link", name="Choose how soon you need an answer")).to_be_visible(timeout=PATIENT)
    expect(ask_page.get_by_label("Your question")).to_have_value("Is the wound of Mr Sample infected?")
    axe(ask_page)
    ask_page.get_by_label("Routine").check()
    ask_page.get_by_role("button", name="Send to").click()
    expect(ask_page.get_by_role("alert")).to_contain_text("looks like the patient's name", timeout=PATIENT)
    axe(ask_page)
    no_overflow(ask_page)
    ask_page.get_by_label("It does not say who the patient is").check()
    ask_page.get_by_role("button", name="Send to").click()
    expect(ask_page.get_by_text("Not opened yet.")).to_be_visible(timeout=PATIENT)


@pytest.mark.one_database
def test_asked_and_answered_by_keyboard_alone_with_a_place_marked(ask_page, phone, live_server, shareable):
    ask_page.keyboard.type(WORDS)
    ask_page.keyboard.press("Tab")  # Who: the chosen one
    expect(ask_page.get_by_label("Burns on call")).to_be_focused()
    ask_page.keyboard.press("Tab")
    ask_page.keyboard.press("Space")
    expect(ask_page.get_by_label("Urgent: now")).to_be_checked()
    send = ask_page.get_by_role("button", name="Send to Mr C Lim")
    for _ in range(5):
        ask_page.keyboard.press("Tab")
        if send.evaluate("one => one === document.activeElement"):
            break
    ask_page.keyboard.press("Enter")
    expect(ask_page.get_by_text("Not opened yet.")).to_be_visible(timeout=PATIENT)

    phone.goto(live_server.url + reverse("sharing:opinion", args=[Opinion.objects.get().pk]))
    phone.get_by_role("button", name="Open it").focus()
    phone.keyboard.press("Enter")
    pictures(phone)
    phone.get_by_role("button", name="Mark a place").focus()
    phone.keyboard.press("Enter")
    phone.keyboard.press("ArrowRight")
    phone.keyboard.press("ArrowUp")
    expect(phone.get_by_role("button", name="Marked place: 52 from the left, 48 from the top")).to_be_focused()
    kit.no_finding(phone)
    phone.get_by_label("In words").focus()
    phone.keyboard.type("Cut here")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("A place is marked on photo 1: 52 percent from the left, 48 from the top.")).to_be_visible(timeout=PATIENT)
    expect(phone.locator("[data-marking] span.sl-marked__here")).to_have_count(1, timeout=PATIENT)
    ask_page.goto(live_server.url + reverse("sharing:of_patient", args=[shareable.record.patient.pk]))
    expect(ask_page.locator("[data-marks] span.sl-marked__here")).to_have_count(1, timeout=PATIENT)
    pictures(ask_page)
    kit.no_finding(ask_page)
    assert (Answer.objects.get().x, Answer.objects.get().y) == (0.52, 0.48)


@pytest.mark.one_database
def test_asked_opened_and_answered_without_scripts(shareable, lim, live_server, browser):
    people = {}
    for person in (shareable.record.person, lim):
        context = browser.new_context(java_script_enabled=False)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie_for(person), "url": live_server.url}])
        people[person] = context.new_page()
    asker, asked = people[shareable.record.person], people[lim]
    asker.goto(live_server.url + reverse("photographs:patient", args=[shareable.record.patient.pk]))
    asker.get_by_role("button", name="Ask a colleague").click()
    asker.get_by_label("Your question").fill(WORDS)
    asker.get_by_label("Urgent: now").check()
    asker.get_by_role("button", name="Send", exact=True).click()
    expect(asker.get_by_text("Not opened yet.")).to_be_visible(timeout=PATIENT)
    asked.goto(live_server.url + reverse("sharing:inbox") + "?box=team")
    asked.get_by_role("link", name="Urgent question").click()
    asked.get_by_role("button", name="Open it").click()
    asked.get_by_role("link", name="Next").click()
    expect(asked.get_by_text("Photo 2 of 2.")).to_be_visible(timeout=PATIENT)
    asked.get_by_role("radio", name="Call me").check()
    asked.get_by_role("button", name="Send and file").click()
    asker.reload()
    asker.get_by_role("button", name="I have read it and will act").click()
    expect(asker.get_by_text("that you have read it")).to_be_visible(timeout=PATIENT)
    for page in people.values():
        page.context.close()


@pytest.mark.one_database
def test_boxes_the_record_and_the_slate_are_looked_at(shareable, lim, signed_in, live_server, axe, no_overflow):
    open_it(opinion := ask(shareable, lim), lim)
    answer(opinion, lim, "Mark the edge, bloods with lactate, call theatres.")
    page = signed_in(shareable.record.person)
    expected = {
        f"{reverse('sharing:inbox')}?box=asked": "Answered",
        reverse("sharing:of_patient", args=[shareable.record.patient.pk]): "Mark the edge",
        reverse("photographs:patient", args=[shareable.record.patient.pk]): "Mark the edge",
        reverse("photographs:photo", args=[shareable.photographs[0].pk]): "Mark the edge",
        reverse("sharing:later", args=[shareable.record.visit.pk]): "Ask when they arrive",
    }
    for address, words in expected.items():
        page.goto(live_server.url + address)
        expect(page.get_by_text(words).first).to_be_visible(timeout=PATIENT)
        axe(page)
        no_overflow(page)
