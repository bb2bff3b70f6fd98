"""Two dates beside each other, a length by the ruler, and which site a photo shows: by keyboard, on a phone, without scripts."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect
from tests.factories import pictures as invented
from tests.factories.photographs import Record, facts_of, make_record
from tests.factories.staff import cookie_for

from safelight.photographs.models import Photograph
from safelight.photographs.sites import SiteSaid

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
ARM, HAND = SiteSaid("forearm", "left"), SiteSaid("hand", "right")
PHONE = {"width": 390, "height": 844}
SHOWN = "boxes => boxes.map(box => box.offsetParent !== null)"
PLACES = "boxes => boxes.map(box => [box.scrollLeft, box.scrollTop, box.querySelector('img').offsetWidth])"


@pytest.fixture
def record() -> Record:
    return make_record(sites=(ARM, HAND))


@pytest.fixture
def photos(record) -> list[Photograph]:
    return record.over_days(9, 4, 0, jpegs=tuple(invented.photo(seed) for seed in (1, 2, 3)))


def compared(page: Page, live_server, record: Record) -> Page:
    page.goto(f"{live_server.url}{reverse('photographs:compare', args=[record.patient.pk])}?site=left-forearm")
    expect(page.locator("[data-compare][data-ready]")).to_be_visible()
    come(page)
    return page


def come(page: Page) -> None:
    """Both pictures have come."""
    for picture in page.locator("[data-box] img").all():
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("one => one.naturalWidth") > 0


def boxes(page: Page) -> Locator:
    return page.locator("[data-box]")


def test_two_dates_are_compared_by_keyboard_alone(signed_in, live_server, record, photos, axe, no_overflow):
    page = signed_in(record.person)
    page.goto(live_server.url + reverse("photographs:site", args=[record.patient.pk, "left-forearm"]))
    page.get_by_role("button", name="Compare two dates").press("Enter")
    expect(page.get_by_role("heading", name="Left forearm over time")).to_be_visible()
    come(page)
    axe(page)
    no_overflow(page)
    expect(boxes(page).nth(1)).to_be_focused()
    assert [fact["photograph"] for fact in facts_of("photographs.view_photograph")] == [str(photo.pk) for photo in photos[1:]]

    page.keyboard.press("1")
    expect(boxes(page).nth(1)).to_be_hidden()
    assert boxes(page).evaluate_all(SHOWN) == [True, False]
    page.keyboard.press("2")
    assert boxes(page).evaluate_all(SHOWN) == [False, True]
    expect(boxes(page).nth(1)).to_be_focused()
    axe(page)
    page.keyboard.press("Escape")
    assert boxes(page).evaluate_all(SHOWN) == [True, True]

    page.keyboard.press("+")
    page.keyboard.press("+")
    page.keyboard.press("+")
    expect(page.get_by_text("195 %")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("compare/"))  # it moves the photo now, and goes to no other date
    page.keyboard.press("0")
    expect(page.get_by_text("100 %")).to_be_visible()

    boxes(page).nth(0).focus()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(f"a={photos[0].pk}&b={photos[2].pk}"))
    expect(boxes(page).nth(0)).to_be_focused()
    assert facts_of("photographs.view_photograph")[-2]["photograph"] == str(photos[0].pk)


def test_zoom_and_place_are_one_for_both_and_go_along_to_another_date(signed_in, live_server, record, photos):
    page = compared(signed_in(record.person), live_server, record)
    for _ in range(4):
        page.get_by_role("button", name="Larger").click()
    boxes(page).nth(0).evaluate("box => box.scrollTo({left: 40, top: 60, behavior: 'instant'})")
    expect(boxes(page).nth(1)).to_have_js_property("scrollTop", 60)
    first, second = boxes(page).evaluate_all(PLACES)
    assert first == second
    page.get_by_role("navigation", name="Dates for photo 1").get_by_role("link", name="Older").click()
    expect(page).to_have_url(re.compile(f"a={photos[0].pk}"))
    come(page)
    expect(page.get_by_text("244 %")).to_be_visible()
    assert all(abs(was - now) <= 2 for was, now in zip(first, boxes(page).evaluate_all(PLACES)[0], strict=True))


def test_flip_is_a_button_that_can_be_held(signed_in, live_server, record, photos):
    page = compared(signed_in(record.person), live_server, record)
    flip = page.get_by_role("button", name="Flip")
    flip.click()
    assert boxes(page).evaluate_all(SHOWN) == [True, False]
    flip.click()
    assert boxes(page).evaluate_all(SHOWN) == [False, True]
    flip.hover()
    page.mouse.down()
    expect(boxes(page).nth(0)).to_be_visible()
    page.wait_for_timeout(500)  # this is the time that the button is held
    page.mouse.up()
    assert boxes(page).evaluate_all(SHOWN) == [False, True]
    flip.press("Enter")
    assert boxes(page).evaluate_all(SHOWN) == [True, False]


def test_one_is_laid_over_the_other_and_moved_by_hand(signed_in, live_server, record, photos, axe, no_overflow):
    page = compared(signed_in(record.person), live_server, record)
    page.get_by_role("button", name="Overlay").click()
    axe(page)
    no_overflow(page)
    above = boxes(page).nth(1).locator("img")
    assert above.evaluate("one => one.style.opacity") == "0.5"
    slider = page.get_by_label("How much of photo 2")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert above.evaluate("one => one.style.opacity") == "0.55"
    page.get_by_role("button", name="Move photo 2 right").click()
    page.keyboard.press("Shift+ArrowUp")
    assert above.evaluate("one => one.style.transform") == "translate(0.5%, -0.5%)"
    page.get_by_role("button", name="Put back").click()
    assert above.evaluate("one => one.style.transform") == "translate(0%, 0%)"


def test_on_a_phone_the_two_stand_one_below_the_other(signed_in, live_server, record, photos, axe):
    page = signed_in(record.person)
    page.set_viewport_size(PHONE)
    compared(page, live_server, record)
    upper, lower = (box.bounding_box() for box in boxes(page).all())
    assert upper
    assert lower
    assert upper["x"] == lower["x"]
    assert upper["y"] + upper["height"] <= lower["y"]
    axe(page)
    page.get_by_role("button", name="Flip").click()
    assert boxes(page).evaluate_all(SHOWN) == [True, False]
    axe(page)


def test_without_scripts_there_are_two_pictures_other_dates_and_a_length(record, photos, live_server, browser: Browser):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie_for(record.person), "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('photographs:compare', args=[record.patient.pk])}?site=left-forearm")
    expect(page.get_by_role("button", name="Flip")).to_be_hidden()
    expect(page.locator("[data-box] img")).to_have_count(2)
    page.get_by_role("navigation", name="Dates for photo 1").get_by_role("link", name="Older").click()
    expect(page).to_have_url(re.compile(f"a={photos[0].pk}"))

    page.goto(live_server.url + reverse("photographs:measure", args=[photos[0].pk]))
    for label, value in (("Start across", "20"), ("Start down", "80"), ("End across", "60"), ("End down", "80"), ("How long is it?", "10")):
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Save the scale").click()
    for label, value in (("Start across", "20"), ("Start down", "30"), ("End across", "40"), ("End down", "30")):
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Measure").click()
    expect(page.get_by_text("about 5.0 cm (set by Dr A Khan from the ruler)")).to_be_visible()
    context.close()


@pytest.mark.requirement("M6")
def test_the_ruler_is_drawn_and_a_length_said_at_once(signed_in, live_server, record, photos, axe, no_overflow):
    page = signed_in(record.person)
    page.goto(live_server.url + reverse("photographs:photo", args=[photos[2].pk]))
    expect(page.get_by_role("navigation", name="Days of this site").get_by_role("link")).to_have_count(3)
    axe(page)
    page.get_by_role("link", name="Measure by the ruler").click()
    picture = page.locator("[data-frame] img")
    expect(picture).to_have_js_property("complete", True)
    axe(page)
    no_overflow(page)
    click(page, picture, 0.2, 0.8)
    click(page, picture, 0.6, 0.8)
    page.get_by_label("How long is it?").fill("10")
    page.get_by_role("button", name="Save the scale").click()
    expect(page.get_by_role("heading", name="Draw a line")).to_be_visible()

    expect(picture).to_have_js_property("complete", True)
    click(page, picture, 0.2, 0.3)
    click(page, picture, 0.4, 0.3)
    expect(page.get_by_text(re.compile(r"about (4\.9|5\.0|5\.1) cm \(set by Dr A Khan from the ruler\)"))).to_be_visible()
    expect(page.get_by_text("Not parallel to the ruler")).to_be_hidden()
    axe(page)
    end = page.get_by_role("button", name="End of the line")
    expect(end).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Shift+ArrowDown")
    expect(page.get_by_text("Not parallel to the ruler")).to_be_visible()
    drag(page, end, -60, -200)
    axe(page)
    page.get_by_role("button", name="Remove the scale").click()
    expect(page.get_by_role("heading", name="Draw along the ruler")).to_be_visible()


def test_the_arrows_go_from_day_to_day(signed_in, live_server, record, photos):
    page = signed_in(record.person)
    page.goto(live_server.url + reverse("photographs:photo", args=[photos[2].pk]))
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(str(photos[1].pk)))
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile(str(photos[0].pk)))
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile(str(photos[1].pk)))


@pytest.mark.requirement("C3")
def test_the_site_of_several_photos_is_said_with_two_clicks(signed_in, live_server, record, axe, no_overflow, clicks):
    record.photos(4, site_assumed=True)
    page = signed_in(record.person)
    page.goto(live_server.url + reverse("photographs:patient", args=[record.patient.pk]))
    expect(page.get_by_text("4 photos were put under the first place of the slate")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Say what they show").click()
    axe(page)
    no_overflow(page)
    before = clicks(page)
    page.locator(".sl-which__photo label").nth(3).click()
    page.get_by_role("group", name="What the ticked photos show").get_by_role("button", name="Right hand").click()
    expect(page.get_by_role("checkbox")).to_have_count(3)
    assert clicks(page) - before == 2

    page.get_by_role("group", name="What all photos").get_by_role("button", name="Left forearm").press("Enter")
    expect(page.get_by_role("heading", name="Left forearm")).to_be_visible()
    expect(page.get_by_role("heading", name="Right hand")).to_be_visible()
    expect(page.get_by_text("Which site?")).to_have_count(0)


def click(page: Page, picture: Locator, across: float, down: float) -> None:
    picture.scroll_into_view_if_needed()
    place = picture.bounding_box()
    assert place
    page.mouse.click(place["x"] + across * place["width"], place["y"] + down * place["height"])


def drag(page: Page, what: Locator, across: float, down: float) -> None:
    place = what.bounding_box()
    assert place
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across, y + down, steps=4)
    page.mouse.up()
