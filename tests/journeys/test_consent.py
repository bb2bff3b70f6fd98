"""Asking the patient, and the slate, in Chromium: by mouse within the budgets, by keyboard alone, without JavaScript."""

import os
import re
from datetime import timedelta
from io import BytesIO

import pytest
import zxingcpp
from django.conf import settings
from PIL import Image
from playwright.sync_api import expect
from tests.factories.consent import make_consent
from tests.factories.custody import check_out, make_camera
from tests.factories.patients import make_patient
from tests.factories.staff import actor_of, cookie_for, make_person, make_ward
from tests.factories.visits import make_visit

from safelight.consent.details import Details
from safelight.consent.models import Consent, How, WhoAgreed
from safelight.consent.wordings import ENGLISH_1
from safelight.kernel import clock
from safelight.photographs.models import Slate, Visit

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ward():
    ward = make_ward("BURNS2", "Burns 2")
    ward.default_site, ward.default_reason = "forearm", "wound"
    ward.save()
    return ward


@pytest.fixture
def person(ward):
    return make_person()


@pytest.fixture
def patient(person):
    return make_patient()


@pytest.fixture
def asking(signed_in, live_server, person, patient):
    """The page of a clinician with a camera in the hands, at the patient's side."""
    check_out(make_camera("CAM-07"), person)
    page = signed_in(person)
    page.goto(f"{live_server.url}/visits/new/?patient={patient.pk}")
    return page


def _radio(page, group, name):
    page.get_by_role("radiogroup", name=group).or_(page.get_by_role("group", name=group)).get_by_label(name, exact=True).check()


def _answer_all(page):
    for question, answer in zip(ENGLISH_1.questions, ["Yes", "Yes", "No", "No", "No"], strict=True):
        _radio(page, question.ask, answer)


def _on_the_slate(page):
    expect(page.get_by_role("heading", name="Photograph this first")).to_be_visible()
    expect(page.get_by_alt_text("Slate", exact=False).first).to_have_js_property("complete", True)


def test_the_first_time_all_five_are_asked_in_ten_clicks(asking, clicks):
    _answer_all(asking)
    _radio(asking, "Who agreed?", "The patient")
    _radio(asking, "How?", "They told me")
    _radio(asking, "Which side?", "Left")
    asking.get_by_role("button", name="Save and make the slate").click()
    _on_the_slate(asking)
    assert clicks(asking) <= 10
    assert Visit.objects.get().check_out.camera.code == "CAM-07"


def test_record_and_advice_only_takes_four_clicks(asking, clicks):
    _radio(asking, "Who agreed?", "The patient")
    _radio(asking, "How?", "They told me")
    _radio(asking, "Which side?", "Left")
    asking.get_by_role("button", name="Record and advice only").click()
    _on_the_slate(asking)
    assert clicks(asking) <= 4


def test_still_the_same_takes_two_clicks_and_shows_the_earlier_answers(asking, clicks, person, patient):
    make_visit(patient, actor_of(person), at=clock.now() - timedelta(hours=1))
    asking.reload()
    expect(asking.get_by_text("record yes, advice yes, other hospital no, teaching no, publication no")).to_be_visible()
    asking.get_by_role("button", name="Still the same").click()
    _on_the_slate(asking)
    assert clicks(asking) <= 2
    assert Consent.objects.get(state="stands").still_the_same


def test_the_green_button_is_in_view_on_a_ward_pc(asking, person, patient):
    button = asking.get_by_role("button", name="Save and make the slate")
    expect(button).to_be_in_viewport(ratio=1)
    make_visit(patient, actor_of(person))
    asking.reload()
    expect(button).to_be_in_viewport(ratio=1)
    expect(asking.get_by_role("button", name="Still the same")).to_be_in_viewport(ratio=1)


def test_asks_only_what_belongs_to_the_answers_so_far(asking):
    name, child = asking.get_by_label("Their name"), asking.get_by_role("group", name="The child")
    how, chaperone = asking.get_by_role("group", name="How?"), asking.get_by_role("group", name="Chaperone")
    for hidden in (name, child, chaperone):
        expect(hidden).to_be_hidden()
    _radio(asking, "Who agreed?", "Parent or guardian")
    expect(name).to_be_visible()
    expect(child).to_be_visible()
    _radio(asking, "Who agreed?", "Nobody can: best interests")
    expect(name).to_be_hidden()
    expect(how).to_be_hidden()
    expect(asking.get_by_label("Who decided that the patient cannot be asked?")).to_be_visible()
    asking.get_by_label("Where?", exact=True).select_option("Breast")
    expect(chaperone).to_be_visible()
    expect(asking.get_by_text("The medical photographer takes these photos")).to_be_hidden()
    asking.get_by_label("Why?").select_option("Police or court")
    expect(asking.get_by_text("The medical photographer takes these photos")).to_be_visible()
    asking.get_by_label("Where?", exact=True).select_option("Abdomen")
    expect(asking.get_by_role("group", name="Which side?", exact=True)).to_be_hidden()


def test_by_keyboard_alone(asking):
    """Tab to each question, arrows to choose, Enter on the button."""
    keyboard = asking.keyboard
    _tab_to(asking, 'input[name="purpose_1"]')
    for key in ("Space", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight"):
        keyboard.press("Space")
        if key == "ArrowRight" and asking.evaluate("document.activeElement.name") not in {"purpose_1", "purpose_2"}:
            keyboard.press(key)
        keyboard.press("Tab")
    keyboard.press("Space")
    _tab_to(asking, 'input[name="how"]')
    keyboard.press("Space")
    _tab_to(asking, 'input[name="side_1"]')
    keyboard.press("Space")
    _tab_to(asking, 'button[value="all"]')
    keyboard.press("Enter")
    _on_the_slate(asking)
    assert {answer.purpose for answer in Consent.objects.get().answers.filter(yes=True)} == {1, 2}
    _tab_to(asking, 'form[action$="/paper/"] button')
    keyboard.press("Enter")
    expect(asking.get_by_text("on A6", exact=False)).to_be_visible()


def _tab_to(page, selector):
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(selector)


def test_errors_keep_what_was_chosen_and_lead_to_their_question(asking, axe):
    _radio(asking, ENGLISH_1.questions[0].ask, "Yes")
    asking.get_by_role("button", name="Save and make the slate").click()
    expect(asking).to_have_title("Error: Consent for photos – Safelight")
    expect(asking.get_by_role("radiogroup", name=ENGLISH_1.questions[0].ask).get_by_label("Yes")).to_be_checked()
    axe(asking)
    asking.get_by_role("link", name="Choose who agreed").click()
    assert asking.evaluate("document.activeElement.name || document.activeElement.id") in {"who", "id_who"}
    assert not Consent.objects.exists()


def test_without_javascript(browser, live_server, person, patient):
    page = browser.new_context(java_script_enabled=False, viewport={"width": 1366, "height": 768}).new_page()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie_for(person), "url": live_server.url}])
    page.goto(f"{live_server.url}/visits/new/?patient={patient.pk}")
    _radio(page, "Who agreed?", "The patient")
    _radio(page, "How?", "They told me")
    _radio(page, "Which side?", "Left")
    page.get_by_role("button", name="Record and advice only").click()
    expect(page.get_by_role("heading", name="Photograph this first")).to_be_visible()
    assert 'http-equiv="refresh" content="30;url=/visits/' in page.content()
    page.context.close()


def test_a_signature_is_drawn_kept_and_shown(asking):
    _answer_all(asking)
    _radio(asking, "Who agreed?", "The patient")
    _radio(asking, "How?", "They sign here")
    _radio(asking, "Which side?", "Left")
    box = asking.get_by_label("Box to sign in").bounding_box()
    asking.mouse.move(box["x"] + 20, box["y"] + 80)
    asking.mouse.down()
    asking.mouse.move(box["x"] + 200, box["y"] + 40, steps=8)
    asking.mouse.up()
    asking.get_by_role("button", name="Save and make the slate").click()
    _on_the_slate(asking)
    asking.goto(asking.url.split("/visits/")[0] + f"/consents/{Consent.objects.get().pk}/")
    path = asking.get_by_role("img", name="Signature").locator("path").get_attribute("d")
    assert path.startswith("M")
    assert path.count("L") > 3


@pytest.mark.requirement("C1")
def test_the_slate_on_the_screen_reads_as_its_token(signed_in, live_server, person, patient):
    page = signed_in(person)
    page.goto(f"{live_server.url}/visits/{make_visit(patient, actor_of(person)).pk}/slate/")
    _on_the_slate(page)
    assert page.get_by_alt_text("Slate", exact=False).first.bounding_box()["width"] >= 400
    shown = Image.open(BytesIO(page.screenshot())).convert("L")
    assert {found.text for found in zxingcpp.read_barcodes(shown)} == {Slate.objects.get().code}


def test_the_slate_changes_by_itself_and_an_old_one_vanishes(signed_in, live_server, person, patient):
    page = signed_in(person)
    page.clock.install()
    page.goto(f"{live_server.url}/visits/{make_visit(patient, actor_of(person)).pk}/slate/")
    first = page.locator(".sl-slate__code").inner_text()
    page.clock.run_for(31_000)
    expect(page.locator(".sl-slate__code")).not_to_have_text(first)
    assert Slate.objects.count() == 2
    _let_the_tab_be(page, hidden=True)
    page.clock.run_for(65_000)
    assert Slate.objects.count() == 2
    expect(page.get_by_text("Wait: the next slate is coming.")).to_be_visible()
    expect(page.get_by_alt_text("Slate", exact=False).first).to_be_hidden()
    _let_the_tab_be(page, hidden=False)
    expect(page.get_by_text("Wait: the next slate is coming.")).to_be_hidden()
    expect(page.get_by_alt_text("Slate", exact=False).first).to_be_visible()
    assert Slate.objects.count() == 3


def _let_the_tab_be(page, *, hidden):
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true});"
        " document.dispatchEvent(new Event('visibilitychange')) }",
        hidden,
    )


def test_paper_is_one_a6_sheet_with_symbols_of_30_mm(signed_in, live_server, person, patient):
    page = signed_in(person)
    page.goto(f"{live_server.url}/visits/{make_visit(patient, actor_of(person)).pk}/slate/")
    page.get_by_role("button", name="Print").click()
    page.emulate_media(media="print")
    for alt, modules in (("Slate", 18 / 20), ("The same as a QR code", 21 / 29)):
        width = page.get_by_alt_text(alt, exact=False).bounding_box()["width"]
        assert width * modules * 25.4 / 96 >= 30
    assert _sheets(page) == (1, "105 148")


@pytest.mark.requirement("B14")
@pytest.mark.parametrize(("address", "sheets", "size"), [("", 1, "148 210"), ("?large=1", 3, "210 297")])
def test_the_patients_copy_is_one_sheet_or_large(signed_in, live_server, person, patient, address, sheets, size):
    consent = make_consent(patient, actor_of(person))
    page = signed_in(person)
    page.goto(f"{live_server.url}/consents/{consent.pk}/copy/{address}")
    many, paper = _sheets(page)
    assert (many <= sheets, paper) == (True, size)
    if address:
        assert page.locator(".sl-copy li").first.evaluate("item => getComputedStyle(item).fontSize") == "32px"


def _sheets(page) -> tuple[int, str]:
    """How many sheets a page prints on, and their size in millimetres."""
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", printed)
    size = " ".join(str(round(float(side) * 25.4 / 72)) for side in boxes[0])
    return len(re.findall(rb"/Type /Page\b", printed)), size


@pytest.mark.requirement("B6")
def test_stop_showing_my_photos_by_keyboard(signed_in, live_server, person, patient):
    consent = make_consent(patient, actor_of(person))
    page = signed_in(person)
    page.goto(f"{live_server.url}/consents/{consent.pk}/withdraw/")
    expect(page.get_by_text("Photos already in your care record stay there")).to_be_visible()
    for _ in range(2):
        _tab_to(page, 'input[name="purposes"]')
        page.keyboard.press("Space")
    _tab_to(page, "main button")
    page.keyboard.press("Enter")
    expect(page.get_by_text("All of this was taken back")).to_be_visible()


PAGES = {
    "visit": "/visits/new/?patient={patient}",
    "slate": "/visits/{visit}/slate/",
    "end": "/slates/end/",
    "consent": "/consents/{consent}/",
    "withdraw": "/consents/{consent}/withdraw/",
    "copy": "/consents/{consent}/copy/",
    "large": "/consents/{consent}/copy/?large=1",
    "ask": "/consents/new/?patient={owing}",
    "owed": "/consents/owed/",
    "words": "/consents/words/",
}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_sound_at_every_width(signed_in, live_server, axe, no_overflow, person, patient, name):
    by, earlier = actor_of(person), clock.now() - timedelta(days=8)
    details = Details(notes="Asked twice", signature=(((100, 800), (300, 100), (500, 900), (800, 200)),))
    consent = make_consent(patient, by, how=How.SIGNED, details=details)
    visit = make_visit(patient, by, consent)
    owing = make_patient("OTHER", "Ann", None, "0000019")
    make_consent(owing, by, who=WhoAgreed.BEST_INTERESTS, at=earlier)
    page = signed_in(person)
    page.goto(live_server.url + PAGES[name].format(patient=patient.pk, visit=visit.pk, consent=consent.pk, owing=owing.pk))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    axe(page)
    no_overflow(page)
    _picture(page, name)


def _picture(page, name):
    if folder := os.environ.get("SAFELIGHT_PICTURES"):
        for width in (1366, 390):
            page.set_viewport_size({"width": width, "height": 768})
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=width == 390)
