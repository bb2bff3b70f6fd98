"""A colleague of another hospital, on a phone: from the letter to the answer; and how they are asked. Told once, from where they sit."""

import os
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from tests.factories.guests import ask_guest, came, code_in, letters, mail_codes, secret_in, take_list, write
from tests.factories.sharing import make_shareable
from tests.factories.staff import make_person

from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.sharing.actions.take_back import take_back
from safelight.sharing.models import Answer, GuestCode, Opinion
from safelight.sharing.rules import Ended

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
PHONE, WARD_PC = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
PICTURES = os.environ.get("SAFELIGHT_TEST_PICTURES", "")


@pytest.fixture
def folder(settings, tmp_path):
    settings.SAFELIGHT_COURIER = {
        "adapter": "safelight.sharing.adapters.folder.FolderCourier",
        "folder": tmp_path / "letters",
        "sender": "safelight@nhs.test",
    }
    return tmp_path / "letters"


@pytest.fixture
def shareable(folder):
    take_list("partner.test")
    return make_shareable(photos=2, yes=(1, 2, 3))


@pytest.fixture
def looked_at(axe, no_overflow):
    def look(page: Page, name: str) -> None:
        for size in (WARD_PC, PHONE):
            page.set_viewport_size(size)
            if PICTURES:
                page.screenshot(path=f"{PICTURES}/{name}-{size['width']}.png", full_page=True)
            axe(page)
            no_overflow(page)

    return look


def test_a_guest_answers_on_a_phone_with_keys_alone(page, live_server, folder, shareable, looked_at):
    opinion = ask_guest(shareable)
    write(opinion)
    secret = secret_in(letters(folder)[0])

    # The link from the letter: the secret goes out of the address bar, and nothing is sent by itself.
    page.goto(f"{live_server.url}/o/{opinion.public_id}/#{secret}")
    expect(page.get_by_text("Press the button, then look into your mailbox.")).to_be_visible()
    expect(page).to_have_url(f"{live_server.url}/o/{opinion.public_id}/")
    expect(page.get_by_label("Paste the link from the letter")).to_be_hidden()
    assert not GuestCode.objects.exists()
    looked_at(page, "guest-link")
    page.get_by_role("button", name="Send me a code").focus()
    page.keyboard.press("Enter")

    # The code from the mailbox.
    code = page.get_by_label("Code from your mailbox")
    expect(code).to_be_visible()
    mail_codes()
    looked_at(page, "guest-code")
    code.focus()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("That did not fit")
    looked_at(page, "guest-code-wrong")
    code.fill(code_in(letters(folder)[-1]))
    page.keyboard.press("Enter")

    # A button opens it, not the link.
    expect(page.get_by_role("heading", name="Dr A Khan asks for your opinion")).to_be_visible()
    looked_at(page, "guest-open")
    page.get_by_role("button", name="Open it").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("necrotising")).to_be_visible()
    for photo in page.get_by_role("img").all():
        expect(photo).to_have_js_property("complete", True, timeout=30_000)
        assert photo.evaluate("one => one.naturalWidth") > 300
    looked_at(page, "guest-question")

    # A place on the second photo, one tap and a few words; the answer is in the record.
    for photo in (1, 2):
        page.get_by_role("button", name=f"Mark a place on photo {photo}").focus()
        page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Marked place: 48 from the left, 50 from the top")).to_be_focused()
    looked_at(page, "guest-marked")
    page.get_by_label("Clinic is fine").focus()
    page.keyboard.press("Space")
    page.get_by_label("In words").focus()
    page.keyboard.type("No necrosis seen.")
    page.get_by_role("button", name="Send the answer").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile("You answered"))).to_be_visible()
    expect(page.locator("span.sl-marked__here")).to_have_count(1)
    looked_at(page, "guest-answered")
    answer = Answer.objects.get()
    assert (answer.quick, answer.by, answer.item.place, answer.x, answer.y) == ("clinic_is_fine", opinion.guest_id, 1, 0.48, 0.5)

    # Taken back: the page that stands open leaves by itself.
    take_back(by=shareable.record.by, opinion_id=opinion.pk, why=Ended.ASKER, now=clock.now())
    expect(page.get_by_role("heading", name=re.compile("This question was closed"))).to_be_visible(timeout=30_000)
    assert page.locator("main img").count() == 0


@pytest.mark.one_database
def test_without_scripts_the_link_is_pasted(browser, live_server, folder, shareable):
    opinion = ask_guest(shareable)
    write(opinion)
    link = f"{live_server.url}/o/{opinion.public_id}/#{secret_in(letters(folder)[0])}"
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(link)
    page.get_by_label("Paste the link from the letter").fill(link)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_label("Code from your mailbox")).to_be_visible()
    mail_codes()
    page.get_by_label("Code from your mailbox").fill(code_in(letters(folder)[-1]))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Open it").click()
    expect(page.get_by_text("necrotising")).to_be_visible()
    context.close()


@pytest.mark.requirement("G6")
def test_a_colleague_elsewhere_is_confirmed_in_full_before_anything_leaves(signed_in, live_server, shareable, looked_at):
    page = signed_in(shareable.record.person)
    photos = ",".join(str(one.pk) for one in shareable.photographs)
    page.goto(f"{live_server.url}/ask/elsewhere/?photos={photos}")
    page.get_by_label("Full name").fill("Dr R Patel")
    page.get_by_label("Where they work").fill("Partner Hospital")
    page.get_by_label("Their email address").fill("r.patel@stranger.test")
    page.get_by_label("Your question").fill("Is this necrotising?")
    page.get_by_label("Routine").check()
    page.get_by_role("button", name="Look at it once more").click()
    expect(page.get_by_role("alert")).to_contain_text("accredited for patient data")
    looked_at(page, "elsewhere-wrong")
    page.get_by_label("Their email address").fill("r.patel@partner.test")
    page.get_by_role("button", name="Look at it once more").click()
    expect(page.get_by_role("heading", name="Is this the right colleague?")).to_be_visible()
    assert not Opinion.objects.exists()
    looked_at(page, "elsewhere-confirm")
    page.get_by_role("button", name="Ask Dr R Patel").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    looked_at(page, "elsewhere-asked")


@pytest.mark.one_database
def test_whoever_looks_after_mail_sees_the_list_and_its_age(signed_in, live_server, folder, looked_at):
    page = signed_in(make_person("okafor", "Ms N Okafor", roles=[Role.IG_LEAD]))
    take_list("partner.test", dated=clock.now().date() - timedelta(days=100))
    page.goto(f"{live_server.url}/mail/")
    expect(page.get_by_text("This list is old.")).to_be_visible()
    looked_at(page, "mail")
    page.goto(f"{live_server.url}/mail/letters/")
    expect(page.get_by_text("No letter waits.")).to_be_visible()
    looked_at(page, "mail-letters")


def test_what_came_by_mail_is_looked_at_by_the_asker_and_by_whoever_places_letters(signed_in, live_server, settings, shareable, looked_at):
    settings.SAFELIGHT_CLAMD_SOCKET = settings.SAFELIGHT_DATA / "a-scanner"
    opinion = ask_guest(shareable, by_letter=True)
    write(opinion)
    came(("photo.jpg", b"one"), ("notes.pdf", b"two"), opinion=opinion)
    came(("photo.jpg", b"three"))
    page = signed_in(shareable.record.person)
    page.goto(f"{live_server.url}/opinions/{opinion.pk}/")
    looked_at(page, "letter-answered")
    page.get_by_role("link", name="2 files came by mail with the answer").click()
    expect(page.get_by_role("button", name="Get file 2 of 2")).to_be_visible()
    looked_at(page, "letter-files")
    page.get_by_role("button", name="Get file 2 of 2").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="This file was not given out")).to_be_visible()
    looked_at(page, "letter-file-stays")
    signed_in(make_person("okafor", "Ms N Okafor", roles=[Role.IG_LEAD]))
    page.goto(f"{live_server.url}/mail/letters/")
    page.get_by_role("link", name=re.compile("from partner.test")).click()
    expect(page.get_by_text("Dr A Khan asked Dr R Patel, Partner Hospital")).to_be_visible()
    looked_at(page, "letter-waits")
