"""The look and the small modules, in Chromium, on sample pages."""

import json
import re
import time

import pytest
from playwright.sync_api import expect
from tests.factories.staff import make_person
from tests.journeys import sample_pages
from tests.journeys.kit import fits

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.journeys.sample_pages")]
ALL_WIDTHS = (320, 390, 768, 1366)


@pytest.fixture
def ward_pc(signed_in, live_server):
    """Opens a path for Dr A Khan."""
    page = signed_in(make_person(name="Dr A Khan"))
    sample_pages.answers.clear()

    def open_page(path):
        page.goto(live_server.url + path)
        return page

    return open_page


def test_every_part_of_the_design_has_no_finding_of_axe_wide_and_narrow(ward_pc, axe):
    page = ward_pc("/sample/")
    for width, height in ((1366, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        axe(page)
    page.get_by_role("button", name="Save").click()
    expect(page).to_have_title("Error: Sample – Safelight")
    axe(page)
    ward_pc("/wrong/")
    axe(page)
    ward_pc("/photo/")
    axe(page)


def test_no_page_needs_scrolling_sideways(ward_pc):
    for path in ("/sample/", "/wrong/", "/photo/"):
        fits(ward_pc(path), ALL_WIDTHS)


def test_the_header_is_one_row_of_56_pixels_on_a_ward_pc_and_folds_the_name_on_a_phone(ward_pc):
    page = ward_pc("/sample/")
    assert page.locator("header").bounding_box()["height"] == 56
    assert page.evaluate("getComputedStyle(document.body).fontFamily") == "arial, sans-serif"
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.locator("header").bounding_box()["height"] <= 96
    lock = page.get_by_role("button", name="Lock", exact=True)
    expect(lock).to_be_hidden()
    page.get_by_text("Dr A Khan").locator("visible=true").click()
    expect(lock).to_be_visible()
    assert lock.bounding_box()["height"] >= 44


def test_what_finds_no_place_in_the_menu_is_under_more(ward_pc):
    page = ward_pc("/menu/")
    for width, hidden in ((320, "Cameras"), (768, "Governance"), (1000, "Governance")):
        page.set_viewport_size({"width": width, "height": 700})
        expect(page.get_by_role("link", name=hidden)).to_be_hidden()
        page.get_by_role("button", name="More").click()
        expect(page.get_by_role("link", name=hidden)).to_be_visible()
        assert page.locator("header").bounding_box()["height"] == 56 or width < 992
        fits(page, (width,))
        page.keyboard.press("Escape")


def test_a_locked_screen_shows_the_lock_page(ward_pc):
    ward_pc("/sample/").get_by_role("button", name="Lock", exact=True).click()
    expect(ward_pc("/sample/")).to_have_url(re.compile("/lock/"))


def test_what_was_typed_stays_and_each_error_leads_to_its_field(ward_pc):
    page = ward_pc("/sample/")
    page.get_by_label("Note").fill("<script>alert(1)</script>")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").locator("..")).to_be_focused()
    expect(page.get_by_label("Note")).to_have_value("<script>alert(1)</script>")
    page.get_by_role("link", name="Enter a name").click()
    expect(page.get_by_label("Name of the site")).to_be_focused()
    page.get_by_role("link", name="Choose how").click()
    expect(page.get_by_label("They told me")).to_be_focused()


def test_the_focus_is_seen_on_everything_that_takes_it(ward_pc):
    page = ward_pc("/sample/")
    page.locator("[data-scan]").blur()
    seen = []
    for _ in range(24):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => {
                  const one = document.activeElement;
                  const style = getComputedStyle(one);
                  const label = one.labels?.[0] && getComputedStyle(one.labels[0], "::before");
                  const marks = [style.outlineStyle !== "none" && style.outlineWidth !== "0px", style.boxShadow !== "none"];
                  return [one.outerHTML.slice(0, 80), marks.some(Boolean) || Boolean(label && label.boxShadow !== "none")];
                }"""
            )
        )
    assert [where for where, visible in seen if not visible and not where.startswith("<body")] == []


def test_a_scan_with_nothing_focused_lands_in_the_scan_box(ward_pc, clicks):
    page = ward_pc("/sample/")
    box = page.get_by_label("Scan a wristband or camera")
    expect(box).to_be_focused()
    page.get_by_role("heading", name="Sample").click()
    expect(box).not_to_be_focused()
    page.keyboard.type("9990000018")
    expect(box).to_have_value("9990000018")
    assert clicks(page) == 1 + 1  # the click, and the first key, which was typed at nothing
    page.get_by_label("Note").click()
    page.keyboard.type("a note")
    expect(box).to_have_value("9990000018")


def test_words_of_a_changing_part_are_read_out_once_in_five_seconds_and_the_last_ones_always(ward_pc):
    page = ward_pc("/news/")
    region = page.locator("#say")
    expect(region).to_have_text("1 of 5 photos copied")
    expect(page.locator("#part")).to_have_text("5 of 5")
    expect(region).to_have_text("1 of 5 photos copied")
    expect(region).to_have_text("You can take the card out", timeout=6000)
    assert len(sample_pages.asked) == 5
    page.wait_for_timeout(500)
    assert len(sample_pages.asked) == 5  # nothing is asked once it is done


def test_a_part_whose_server_fails_turns_grey_and_is_tried_again(ward_pc):
    page = ward_pc("/news/")
    sample_pages.answers.append(503)
    expect(page.locator("#part").get_by_text("Cannot reach the server")).to_be_visible()
    expect(page.locator("#part")).to_have_text("5 of 5", timeout=9000)


def test_a_part_that_may_not_be_seen_any_more_leads_to_the_lock(ward_pc, live_server):
    page = ward_pc("/news/")
    sample_pages.answers.append(403)
    page.wait_for_url(re.compile(f"{live_server.url}/(lock/.*)?$"))


def test_a_hidden_tab_asks_for_nothing_and_goes_on_when_it_is_seen(ward_pc):
    page = ward_pc("/sample/")
    page.add_init_script("""Object.defineProperty(document, "hidden", { get: () => !window.seen, configurable: true })""")
    page = ward_pc("/news/")
    page.wait_for_timeout(600)
    assert sample_pages.asked == []
    page.evaluate("() => { window.seen = true; document.dispatchEvent(new Event('visibilitychange')); }")
    expect(page.locator("#part")).to_have_text("5 of 5")


def test_a_part_stops_after_ten_minutes_without_a_touch_and_a_button_goes_on(ward_pc):
    page = ward_pc("/sample/")
    page.add_init_script("const now = performance.now.bind(performance); performance.now = () => now() + (window.late ?? 0);")
    page = ward_pc("/news/")
    page.evaluate("() => { window.late = 601000; }")
    refresh = page.get_by_role("button", name="Refresh")
    expect(refresh).to_be_visible()
    asked = len(sample_pages.asked)
    page.wait_for_timeout(500)
    assert len(sample_pages.asked) == asked < 5
    refresh.click()
    expect(page.locator("#part")).to_have_text("5 of 5")


def test_a_photo_is_zoomed_by_buttons_keys_and_wheel_within_its_box(ward_pc):
    page = ward_pc("/photo/")
    box, picture = page.locator("[data-zoom]"), page.get_by_alt_text("Left forearm")
    expect(page.get_by_role("button", name="Larger")).to_be_visible()  # the bar above the photo is there: nothing moves any more
    size = box.bounding_box()
    at_first = picture.bounding_box()["width"]
    page.get_by_role("button", name="Larger").click()
    expect(page.get_by_role("status").get_by_text("125 %")).to_be_visible()
    assert picture.bounding_box()["width"] == pytest.approx(at_first * 1.25, abs=1)
    box.focus()
    page.keyboard.press("+")
    assert picture.bounding_box()["width"] == pytest.approx(at_first * 1.25**2, abs=1)
    page.keyboard.press("-")
    page.keyboard.press("0")
    assert picture.bounding_box()["width"] == pytest.approx(at_first, abs=1)
    page.mouse.move(size["x"] + 100, size["y"] + 100)
    page.keyboard.down("Control")
    for _ in range(30):
        page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(page.get_by_role("status").get_by_text("800 %")).to_be_visible()
    assert box.bounding_box() == pytest.approx(size)
    before = box.evaluate("box => box.scrollLeft")
    box.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert box.evaluate("box => box.scrollLeft") > before


def test_a_signature_is_kept_as_strokes_and_drawn_again(ward_pc):
    page = ward_pc("/sign/")
    canvas, kept = page.locator("canvas"), page.locator("[name=signature]")
    at = canvas.bounding_box()
    page.mouse.move(at["x"] + 30, at["y"] + 40)
    page.mouse.down()
    page.mouse.move(at["x"] + 300, at["y"] + 80, steps=8)
    page.mouse.up()
    expect(kept).not_to_have_value("")
    (stroke,) = json.loads(kept.input_value())
    assert stroke[0] == [50, 250]
    assert stroke[-1] == pytest.approx([500, 500], abs=2)
    page.get_by_role("button", name="Clear").click()
    expect(kept).to_have_value("")
    page = ward_pc(f"/sign/?kept={json.dumps([stroke])}")
    drawn = "box => box.getContext('2d').getImageData(0, 0, box.width, box.height).data.some(value => value > 0)"
    assert page.locator("canvas").evaluate(drawn)


def test_a_screen_that_nobody_touches_warns_and_locks_though_its_parts_ask_for_news(ward_pc, settings):
    settings.SAFELIGHT_LOCK_SECONDS = 4
    page = ward_pc("/news/")
    expect(page.get_by_role("alert")).to_contain_text("This screen locks soon")
    page.keyboard.press("Shift")
    expect(page.get_by_role("alert")).to_have_count(0)
    begun = time.monotonic()
    expect(page).to_have_url(re.compile("/lock/"), timeout=8000)
    assert time.monotonic() - begun > 2


def test_a_double_click_sends_a_form_once(ward_pc):
    page = ward_pc("/sample/")
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" and "/sample/" in request.url else None)
    page.get_by_role("button", name="Save").dblclick()
    expect(page).to_have_title("Error: Sample – Safelight")
    assert len(sent) == 1


def test_shapes_and_words_say_what_colours_say(browser, browser_context_args, live_server):
    context = browser.new_context(**browser_context_args, forced_colors="active")
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/")
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert page.locator("header").evaluate("one => getComputedStyle(one).outlineStyle") != "none"
    context.close()


def test_works_without_javascript(browser, browser_context_args, live_server):
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    context.close()
