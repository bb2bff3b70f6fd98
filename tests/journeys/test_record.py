"""Looking at a patient's photos on a ward PC: all of them, one of them closely, who else looked, and one that is another patient's."""

from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page, expect
from tests.factories import pictures as invented
from tests.factories.photographs import Record, file_one, make_record
from tests.factories.staff import cookie_for, make_person

from safelight.kernel.actor import Role

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
MOVED_AWAY = "It was not this patient's."


@pytest.fixture
def record() -> Record:
    record = make_record()
    record.photos(2)
    file_one(record.patient, record.visit, site="hand", laterality="right", view="close_up")
    return record


@pytest.fixture
def ward(signed_in, record, live_server) -> Page:
    """The patient's page, open in front of a person of the ward."""
    page = signed_in(record.person)
    page.goto(live_server.url + reverse("photographs:patient", args=[record.patient.pk]))
    return page


def _pictures(page: Page) -> list[int]:
    """How wide each small picture is in its file: 0 where it did not come."""
    page.wait_for_load_state("networkidle")
    return page.evaluate("() => [...document.querySelectorAll('.sl-photo__picture')].map(one => one.naturalWidth)")


@pytest.mark.one_database
def test_a_photo_is_found_opened_and_looked_at_closely_by_keyboard_alone(ward, axe, no_overflow):
    expect(ward.get_by_role("heading", name="Left forearm")).to_be_visible()
    assert all(_pictures(ward))
    axe(ward)
    no_overflow(ward)

    photo = ward.get_by_role("link", name="Close-up")
    for _ in range(40):
        ward.keyboard.press("Tab")
        if photo.evaluate("one => one === document.activeElement"):
            break
    ward.keyboard.press("Enter")
    expect(ward.get_by_role("heading", name="Right hand, close-up")).to_be_visible()
    axe(ward)
    no_overflow(ward)

    large = ward.get_by_role("group", name="Right hand, close-up")
    for _ in range(40):
        ward.keyboard.press("Tab")
        if large.evaluate("one => one === document.activeElement"):
            break
    ward.keyboard.press("+")
    ward.keyboard.press("+")
    expect(ward.get_by_text("156 %")).to_be_visible()
    axe(ward)
    ward.keyboard.press("0")
    expect(ward.get_by_text("100 %")).to_be_visible()


@pytest.mark.one_database
def test_photos_of_one_site_are_looked_through_one_after_the_other(ward):
    ward.get_by_role("heading", name="Left forearm").get_by_role("link").click()
    expect(ward.get_by_role("heading", name="Left forearm", level=1)).to_be_visible()
    expect(ward.get_by_role("link", name="Left forearm", exact=True)).to_have_attribute("aria-current", "page")
    ward.locator(".sl-photo").first.click()
    expect(ward.get_by_text("This is the newest")).to_be_visible()
    ward.get_by_role("link", name="Older photo").click()
    expect(ward.get_by_text("This is the oldest")).to_be_visible()
    ward.get_by_role("link", name="Newer photo").click()
    expect(ward.get_by_text("This is the newest")).to_be_visible()


@pytest.mark.one_database
def test_one_broken_photo_shows_why_and_the_others_work(ward, record, axe):
    broken = record.photos(1)[0]
    name = broken.thumb_id.hex
    (Path(settings.SAFELIGHT_OBJECT_STORE["folder"]) / name[:2] / name).write_bytes(b"noise" * 5_000)
    ward.reload()
    expect(ward.get_by_text("This picture cannot be shown. The photo itself is kept.")).to_be_visible()
    assert len(_pictures(ward)) == 3
    assert all(_pictures(ward))
    axe(ward)


@pytest.mark.requirement("E5")
@pytest.mark.requirement("E2")
def test_a_photo_of_another_patient_is_moved_after_number_and_birth_date_are_confirmed(ward, record, axe, no_overflow):
    right = make_record("RIGHT", "9990000026")
    ward.get_by_role("link", name="Close-up").click()
    ward.get_by_role("link", name="It is another patient's").click()
    axe(ward)
    no_overflow(ward)
    ward.get_by_label("NHS number or hospital number of the right patient").fill("9990000034")
    ward.keyboard.press("Enter")
    expect(ward.get_by_role("alert")).to_contain_text("Nobody has this number")
    axe(ward)

    ward.get_by_label("NHS number or hospital number of the right patient").fill("999 000 0026")
    ward.keyboard.press("Enter")
    expect(ward.get_by_text("999 000 0026")).to_be_visible()
    expect(ward.get_by_text("1 Jan 1970")).to_have_count(2)
    assert "9990000026" not in ward.url.replace("-", "")
    axe(ward)
    no_overflow(ward)
    ward.get_by_label("Left forearm. Wound or burn").check()
    ward.get_by_label("The visit was opened for the wrong patient").check()
    ward.get_by_role("button", name="Move the photo").click()
    expect(ward.get_by_role("alert")).to_contain_text("Check the number and the birth date")
    expect(ward.get_by_label("The visit was opened for the wrong patient")).to_be_checked()
    axe(ward)

    ward.get_by_label("I have checked the number and the birth date").check()
    ward.get_by_role("button", name="Move the photo").click()
    expect(ward.get_by_text("RIGHT, Test")).to_be_visible()
    assert len(_pictures(ward)) == 1
    assert right.patient.pk.hex in ward.url.replace("-", "")
    ward.goto(ward.url.replace(str(right.patient.pk), str(record.patient.pk)))
    expect(ward.get_by_text(MOVED_AWAY)).to_be_visible()
    assert len(_pictures(ward)) == 2
    axe(ward)


def test_what_a_photo_shows_is_put_right(ward, axe, no_overflow):
    ward.get_by_role("link", name="Close-up").click()
    ward.get_by_role("link", name="Correct what it shows").click()
    axe(ward)
    no_overflow(ward)
    ward.get_by_label("Body site").select_option("Face")
    ward.get_by_role("button", name="Save").click()
    expect(ward.get_by_role("alert")).to_contain_text("Choose the body site and the side from the list")
    expect(ward.get_by_label("Body site")).to_have_value("face")
    axe(ward)
    ward.get_by_label("No side").check()
    ward.get_by_role("button", name="Save").click()
    expect(ward.get_by_role("heading", name="Face, close-up")).to_be_visible()


@pytest.mark.requirement("I5")
def test_the_patient_can_be_given_who_looked(ward, record, live_server, axe, no_overflow, browser):
    colleague = browser.new_context()
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": cookie_for(make_person("webb", "Sr E Webb")), "url": live_server.url}
    colleague.add_cookies([cookie])
    colleague.new_page().goto(ward.url)
    colleague.close()
    ward.reload()
    expect(ward.get_by_text("Sr E Webb")).to_be_visible()
    ward.get_by_role("link", name="Everyone who looked").click()
    row = ward.get_by_role("row").filter(has_text="Sr E Webb")
    expect(row).to_contain_text("Looked at 3 photos, small")
    expect(ward.get_by_role("button", name="Print for the patient")).to_be_visible()
    axe(ward)
    no_overflow(ward)


def test_the_cameras_own_file_is_taken_with_a_reason(signed_in, record, live_server, axe, no_overflow):
    page = signed_in(make_person("lens", "Ms C Lens", roles=[Role.PHOTOGRAPHER]))
    photograph = record.photos(1)[0]
    page.goto(live_server.url + reverse("photographs:photo", args=[photograph.pk]))
    page.get_by_role("link", name="Take the camera's own file").click()
    axe(page)
    no_overflow(page)
    page.get_by_label("A court, the coroner or the police ask for it").check()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take the file").click()
    data = Path(taken.value.path()).read_bytes()
    assert taken.value.suggested_filename == f"{photograph.pk}.jpg"
    assert data[:2] == invented.photo()[:2]
    assert len(data) == photograph.record_copy.size


@pytest.mark.one_database
def test_a_patient_without_photos_has_a_page_that_says_so(signed_in, live_server, axe):
    record = make_record("EMPTY", "9990000026")
    page = signed_in(record.person)
    page.goto(live_server.url + reverse("photographs:patient", args=[record.patient.pk]))
    expect(page.get_by_text("No photos yet.")).to_be_visible()
    expect(page.get_by_role("button", name="Record consent")).to_be_visible()
    axe(page)


@pytest.mark.one_database
def test_photos_are_seen_without_scripts(record, live_server, browser):
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie_for(record.person), "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + reverse("photographs:patient", args=[record.patient.pk]))
    page.get_by_role("link", name="Close-up").click()
    expect(page.get_by_role("heading", name="Right hand, close-up")).to_be_visible()
    expect(page.get_by_role("img", name="Right hand, close-up")).to_be_visible()
    context.close()
