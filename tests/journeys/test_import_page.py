"""The page beside the card reader: it follows the card by itself, and says when the card can be taken out."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect
from tests.factories.custody import make_station, station_actor
from tests.factories.frames import digest_of, photo, tell_of
from tests.factories.patients import make_patient
from tests.factories.sessions import Session, announce, send, sort, wipe
from tests.factories.staff import cookie_for

from safelight.custody.actions.receive_frame import receive_frame
from safelight.custody.models import Expected
from safelight.kernel import clock
from safelight.kernel.digest import Digest
from safelight.vault import objects
from safelight.vault.kept import TRAY
from safelight.vault.models import Rendition

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sample():
    return make_patient()


@pytest.fixture
def ward():
    return Session(now=clock.now() - timedelta(minutes=5))


@pytest.fixture
def given_a_card(ward, sample):
    ward.slate(sample)
    ward.photos(4)
    return ward.files


def when_the_card_goes_in(ward):
    return announce(ward.files, volume=ward.volume, at=clock.now())


def when_photos_come(read_in, files):
    for one in files:
        send(read_in, one.data, at=clock.now())


@pytest.mark.requirement("D1")
def test_import_takes_no_click_and_ends_at_the_patient(signed_in, live_server, ward, given_a_card, sample, clicks):
    page = signed_in(ward.person)
    page.goto(f"{live_server.url}{reverse('intake:imports')}")
    expect(page.get_by_role("heading", name="Put a card in")).to_be_visible()

    read_in = when_the_card_goes_in(ward)
    expect(page.get_by_role("heading", name="Leave the card in")).to_be_visible()
    when_photos_come(read_in, given_a_card[:3])
    expect(page.get_by_text("3 of 5 photos copied.", exact=True)).to_be_visible()
    when_photos_come(read_in, given_a_card[3:])
    expect(page.get_by_text("5 of 5 photos checked.", exact=True)).to_be_visible()
    sort(read_in)
    wipe(read_in)

    expect(page.get_by_role("heading", name="You can take the card out")).to_be_visible()
    expect(page.get_by_text("5 of 5 photos are safe in the record. The card is empty.", exact=True)).to_be_visible()
    expect(page.locator("#say")).to_have_text("You can take the card out. 5 of 5 photos are safe in the record. The card is empty.")
    expect(page.get_by_role("link", name="Look at SAMPLE, Test")).to_be_focused()
    assert clicks(page) == 0
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{live_server.url}{reverse('photographs:patient', args=[sample.pk])}")


@pytest.mark.one_database
def test_each_state_can_be_read_by_everybody_at_every_width(signed_in, live_server, ward, given_a_card, axe, no_overflow):
    page = signed_in(ward.person)
    read_in = when_the_card_goes_in(ward)
    address = f"{live_server.url}{reverse('intake:import', args=[read_in.pk])}"

    def then_it_is_readable(heading):
        page.goto(address)
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        axe(page)
        no_overflow(page)

    then_it_is_readable("Leave the card in")
    when_photos_come(read_in, given_a_card)
    sort(read_in)
    wipe(read_in)
    then_it_is_readable("You can take the card out")
    page.goto(f"{live_server.url}{reverse('intake:imports')}")
    expect(page.get_by_text("4 in the record")).to_be_visible()
    axe(page)
    no_overflow(page)


@pytest.mark.requirement("D1")
@pytest.mark.one_database
def test_a_card_is_told_of_before_it_is_announced_and_one_that_was_taken_out_too_early_stays_told_of(
    signed_in, live_server, ward, sample, axe, no_overflow
):
    station = make_station("Burns 2")[0]
    page = signed_in(ward.person)
    page.goto(f"{live_server.url}{reverse('intake:imports')}")
    tell_of(station, photo(1), photo(2), now=clock.now())
    expect(page.get_by_text("Burns 2 is reading a card. Leave it in: 2 photos so far.")).to_be_visible()
    axe(page)
    no_overflow(page)

    kept = objects.keep([photo(1)], rendition=Rendition.RECORD, holder=TRAY, limit=1 << 20)
    early = clock.now() - timedelta(minutes=3)
    receive_frame(by=station_actor(station), import_id=None, digest=Digest(digest_of(photo(1))), kept=kept, now=early)
    Expected.objects.update(expected_at=early)
    expect(page.get_by_text("Burns 2: a card was not read to its end")).to_be_visible()
    expect(page.get_by_text("1 photo is copied and not filed. Put the card in again.")).to_be_visible()
    axe(page)
    no_overflow(page)


@pytest.mark.one_database
def test_works_without_javascript(browser, live_server, ward, given_a_card):
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie_for(ward.person), "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('intake:imports')}")
    read_in = when_the_card_goes_in(ward)
    expect(page.get_by_role("heading", name="Leave the card in")).to_be_visible(timeout=10_000)
    when_photos_come(read_in, given_a_card)
    sort(read_in)
    wipe(read_in)
    expect(page.get_by_role("heading", name="You can take the card out")).to_be_visible(timeout=10_000)
    context.close()
