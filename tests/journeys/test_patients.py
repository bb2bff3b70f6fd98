"""Finding, adding, merging and bringing in patients, and opening a record by a reason: as the ward does it."""

import os
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from tests.factories.access import give_access
from tests.factories.patients import make_patient, make_patients
from tests.factories.staff import make_person

from safelight.kernel.actor import Role
from safelight.patients.models import Patient

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
WIDTHS = ((1366, 768), (390, 844), (320, 640))
PICTURES = os.environ.get("SAFELIGHT_TEST_PICTURES", "")


@pytest.fixture
def looked_at(axe, no_overflow):
    """Looks at a page at three widths: nothing for axe to find, nothing that sticks out."""

    def look(page: Page, name: str) -> None:
        for width, height in WIDTHS:
            page.set_viewport_size({"width": width, "height": height})
            if PICTURES:
                page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
            axe(page)
        no_overflow(page)
        page.set_viewport_size({"width": 1366, "height": 768})

    return look


@pytest.mark.requirement("E2")
def test_a_surname_finds_patients_with_birth_date_and_number(signed_in, live_server, looked_at):
    make_patient()
    make_patient("Sample", "Tessa", "9990000026", "0000026", date(1971, 2, 3))
    make_patients(30)
    page = signed_in(make_person())
    page.goto(f"{live_server.url}/patients/")
    looked_at(page, "patients")
    page.get_by_label("Surname, NHS number or hospital number").fill("sample")
    page.keyboard.press("Enter")
    row = page.get_by_role("row").filter(has_text="SAMPLE, Test")
    expect(row.filter(has_text="1 Jan 1970").filter(has_text="999 000 0018")).to_contain_text("Another one is called alike")
    assert page.url == f"{live_server.url}/patients/"
    looked_at(page, "found")
    page.get_by_role("link", name="SAMPLE, Test", exact=True).click()
    expect(page.get_by_role("region", name="Patient")).to_contain_text("SAMPLE, Test")
    looked_at(page, "banner")


def test_a_number_that_nobody_has_is_said(signed_in, live_server, looked_at):
    page = signed_in(make_person())
    page.goto(f"{live_server.url}/patients/")
    page.get_by_label("Surname, NHS number or hospital number").fill("0000099")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nobody here has that name or number")).to_be_visible()
    page.get_by_label("Surname, NHS number or hospital number").fill("=1+1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    looked_at(page, "not-found")


@pytest.mark.requirement("E4")
def test_an_unknown_patient_gets_a_number_and_becomes_the_known_one(signed_in, live_server, looked_at):
    known = make_patient()
    page = signed_in(make_person())
    page.goto(f"{live_server.url}/patients/new/")
    page.get_by_role("button", name="Add the patient").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter the family name")
    looked_at(page, "new-wrong")
    page.get_by_label("Given names").fill("Woman, about 60")
    page.get_by_label("It is not known yet who this is").check()
    page.get_by_role("button", name="Add the patient").click()
    banner = page.get_by_role("region", name="Patient")
    expect(banner).to_contain_text("UNKNOWN, Woman, about 60")
    expect(banner).to_contain_text("T-")
    unknown = Patient.objects.get(temporary=True)
    page.get_by_role("link", name="Change who the patient is").click()
    assert page.url == f"{live_server.url}/patients/{unknown.pk}/change/"
    looked_at(page, "change")
    page.get_by_role("link", name="This is the same person as").click()
    page.get_by_label("NHS number or hospital number of the other entry").fill("999 000 0018")
    page.get_by_role("button", name="Compare the two").click()
    page.get_by_role("button", name="Make them one").click()
    expect(page.get_by_role("alert")).to_contain_text("Compare the two, then tick the box")
    looked_at(page, "merge")
    page.get_by_label("I have compared").check()
    page.get_by_role("button", name="Make them one").click()
    expect(banner).to_contain_text("SAMPLE, Test")
    page.goto(f"{live_server.url}/patients/{known.pk}/change/")
    looked_at(page, "merged")
    page.get_by_role("button", name="They are two people").click()
    expect(banner).to_contain_text("UNKNOWN")


def test_a_list_is_brought_in_and_its_bad_rows_named(signed_in, live_server, looked_at):
    page = signed_in(make_person("adm", "Mr A Admin", roles=[Role.ADMINISTRATOR]))
    page.goto(f"{live_server.url}/patients/")
    looked_at(page, "administrator")
    page.get_by_role("button", name="Bring in a list").click()
    looked_at(page, "bring-in")
    page.get_by_label("CSV file").set_input_files(
        {"name": "a.csv", "mimeType": "text/csv", "buffer": b"family,nhs_number,ward\nSAMPLE,9990000018,BURNS2\nOTHER,9990000019,\n"}
    )
    page.get_by_role("button", name="Bring in the list").click()
    expect(page.get_by_role("heading", name="1 added, 0 changed, 0 as before, 1 not taken")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="a digit is wrong")).to_contain_text("3")
    looked_at(page, "brought-in")


@pytest.mark.requirement("I2")
def test_a_record_is_opened_by_a_reason_and_reviewed(signed_in, live_server, looked_at):
    patient = make_patient()
    for _ in range(4):
        give_access(make_person("often", "Dr O Often", wards=["ED"]), make_patients(1)[0], "break_glass")
    page = signed_in(make_person("stranger", "Dr S Stranger", wards=["ED"]))
    page.goto(f"{live_server.url}/patients/{patient.pk}/")
    expect(page.get_by_role("heading", name="You do not look after this patient")).to_be_visible()
    looked_at(page, "403")
    page.get_by_role("button", name="Say why and open").click()
    page.get_by_role("button", name="Open for one hour").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose why you need to see this patient")
    looked_at(page, "open-wrong")
    page.get_by_label("Emergency").check()
    page.get_by_label("In your own words").fill("Burn, asked by ED")
    page.get_by_role("button", name="Open for one hour").click()
    expect(page.get_by_role("region", name="Patient")).to_contain_text("SAMPLE, Test")
    looked_at(page, "opened")
    page.context.clear_cookies()
    page = signed_in(make_person("lead", "Ms I Lead", roles=[Role.IG_LEAD], wards=[]))
    page.goto(f"{live_server.url}/governance/break-glass/")
    expect(page.get_by_role("heading", name="To review: 5")).to_be_visible()
    expect(page.get_by_text("More than 3 in 7 days")).to_have_count(1)
    looked_at(page, "review")
    page.get_by_role("listitem").filter(has_text="Dr S Stranger").get_by_role("button", name="In order").click()
    expect(page.get_by_role("heading", name="Reviewed in the last 31 days: 1")).to_be_visible()
