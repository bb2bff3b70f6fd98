"""The tray: why photos wait, and what a person does about it, by hand and by keyboard."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from tests.factories.patients import make_patient
from tests.factories.sessions import Session, sort

from safelight.photographs.models import Photograph

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sample():
    return make_patient()


@pytest.fixture
def ward():
    return Session()


@pytest.fixture
def read_in(ward, sample):
    """A slate and a photo, and after a pause two more without a slate."""
    ward.slate(sample)
    ward.photos()
    ward.wait(minutes=4).photos(2)
    made = ward.put_in()
    sort(made)
    return made


@pytest.fixture
def tray(signed_in, live_server, ward, read_in):
    page = signed_in(ward.person)
    page.goto(f"{live_server.url}{reverse('intake:tray', args=[read_in.pk])}")
    return page


def _picture_is_drawn(page, name):
    shown = page.get_by_role("img", name=name).first
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("image => image.naturalWidth > 0")


@pytest.mark.requirement("E2")
def test_files_after_number_and_birth_date_were_compared(tray, axe, no_overflow):
    expect(tray.get_by_role("heading", name="2 photos wait. Whose are they?")).to_be_visible()
    _picture_is_drawn(tray, "Photo 3 of the card, larger")
    axe(tray)
    no_overflow(tray)
    tray.get_by_role("button", name="They are SAMPLE, Test’s").click()

    expect(tray.get_by_role("heading", name="Are these photos of SAMPLE, Test?")).to_be_visible()
    expect(tray.get_by_role("main")).to_contain_text("999 000 0018")
    expect(tray.get_by_role("main")).to_contain_text("1 Jan 1970")
    _picture_is_drawn(tray, "Photo 3 of the card, larger")
    assert not tray.get_by_role("checkbox", name="I have compared").is_checked()
    axe(tray)
    no_overflow(tray)
    tray.get_by_role("radio").first.check()
    tray.get_by_role("button", name="File 2 photos under SAMPLE, Test").click()
    expect(tray.get_by_role("alert")).to_contain_text("tick that they are right")
    assert Photograph.objects.count() == 1

    tray.get_by_role("checkbox", name="I have compared").check()
    tray.get_by_role("button", name="File 2 photos under SAMPLE, Test").click()
    expect(tray.get_by_text("3 photos in the record")).to_be_visible()
    assert Photograph.objects.count() == 3


def test_somebody_elses_are_found_by_number_and_never_through_the_address(tray):
    make_patient("MODEL", "Cara", "9990000026", "0000026")
    tray.get_by_role("button", name="Somebody else’s").click()
    tray.get_by_label("Whose photos are these?").fill("999 000 0026")
    tray.keyboard.press("Enter")
    link = tray.get_by_role("link", name="MODEL, Cara")
    expect(link).to_be_visible()
    assert "9990000026" not in tray.url
    link.click()
    expect(tray.get_by_text("No consent to photos stands for this patient.")).to_be_visible()


@pytest.mark.one_database
def test_by_keyboard_alone_what_shows_no_patient_is_set_aside_and_put_back(tray, axe):
    def to(name):
        for _ in range(60):
            if tray.evaluate("document.activeElement.innerText || document.activeElement.labels?.[0]?.innerText || ''").strip() == name:
                return
            tray.keyboard.press("Tab")
        raise AssertionError(f"{name} cannot be reached")

    to("Photo 4")
    tray.keyboard.press("Space")
    to("Not a patient")
    tray.keyboard.press("Enter")
    expect(tray.get_by_role("heading", name="Not a patient")).to_be_visible()
    axe(tray)
    to("A test shot")
    tray.keyboard.press("Space")
    to("Set 1 photo aside")
    tray.keyboard.press("Enter")
    expect(tray.get_by_role("heading", name="Set aside: not a patient")).to_be_visible()
    axe(tray)
    expect(tray.get_by_role("heading", name="1 photo waits. Whose is it?")).to_be_visible()
    tray.get_by_role("region", name="Set aside: not a patient").get_by_label("Photo 3").focus()
    tray.keyboard.press("Space")
    to("Put back what is ticked")
    tray.keyboard.press("Enter")
    expect(tray.get_by_role("heading", name="2 photos wait. Whose are they?")).to_be_visible()


@pytest.mark.one_database
def test_one_photo_is_shown_larger(tray, axe):
    tray.get_by_role("link", name="Photo 3 of the card, larger").click()
    _picture_is_drawn(tray, "Photo 3 of the card")
    axe(tray)


@pytest.mark.one_database
def test_the_list_of_what_waits_leads_there(signed_in, live_server, ward, read_in, axe, no_overflow):
    page = signed_in(ward.person)
    page.goto(f"{live_server.url}{reverse('intake:waiting')}")
    axe(page)
    no_overflow(page)
    page.get_by_role("link", name="Sort Photos from CAM-07").click()
    expect(page.get_by_role("heading", name="2 photos wait. Whose are they?")).to_be_visible()
