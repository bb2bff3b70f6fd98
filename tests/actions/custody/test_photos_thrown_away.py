"""Photos of a card that was never read to its end are thrown away: by two people, and never what may be evidence."""

from datetime import timedelta

import pytest
from tests.factories.custody import acting, check_out, make_camera, make_station
from tests.factories.frames import NOW, come_ahead, digest_of, photo, read_a_card
from tests.factories.given_up import LATER, agree, ask, card, give_up, somebody
from tests.factories.staff import make_person

from safelight.audit.models import Entry
from safelight.custody import ahead
from safelight.custody.actions.hold_card import hold_card
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.errors import (
    AnotherPersonAgrees,
    AskedAlready,
    CameMeanwhile,
    MayBeEvidence,
    NotForYou,
    SayWhy,
    Settled,
)
from safelight.custody.models import Expected, Frame
from safelight.custody.rules import CardSaid
from safelight.kernel.actor import Role
from safelight.vault import objects
from safelight.vault.errors import Shredded

pytestmark = pytest.mark.django_db
ONE, TWO = photo(1), photo(2)


@pytest.fixture
def station():
    return make_station("Burns 2")[0]


def last_entry() -> str:
    return Entry.objects.latest("seq").action


def test_takes_two_people_and_then_no_key_opens_the_photos(station):
    come_ahead(station, ONE, told=(TWO,))
    asked = ask()
    assert last_entry() == "custody.ask_for_disposal"
    stored = Frame.objects.get(digest=digest_of(ONE)).stored
    assert objects.read_back(stored) == digest_of(ONE)
    agree()
    assert last_entry() == "custody.agree_to_disposal"
    stored.refresh_from_db()
    with pytest.raises(Shredded):
        objects.read_back(stored)
    asked.refresh_from_db()
    assert (asked.state, asked.answered_at, Expected.objects.count()) == ("done", LATER, 0)
    assert Frame.objects.get(digest=digest_of(ONE)).state == "disposed"


def test_is_not_agreed_to_by_who_asked(station):
    come_ahead(station, ONE)
    by = somebody()
    ask(by)
    with pytest.raises(AnotherPersonAgrees):
        agree(by)
    assert Frame.objects.get().state == "verified"


@pytest.mark.parametrize("role", [Role.CLINICIAN, Role.ADMINISTRATOR])
def test_is_for_the_photographer_and_the_ig_lead(station, role):
    come_ahead(station, ONE)
    with pytest.raises(NotForYou):
        ask(somebody(role, "khan"))
    ask()
    with pytest.raises(NotForYou):
        agree(somebody(role, "khan"))


def test_needs_words_and_something_asked_for_and_is_asked_once(station):
    come_ahead(station, ONE)
    with pytest.raises(SayWhy):
        ask(reason="  ")
    with pytest.raises(Settled):
        agree()
    ask()
    with pytest.raises(AskedAlready):
        ask(somebody(name="other"))


def test_is_of_what_the_second_person_was_shown(station):
    come_ahead(station, ONE, TWO)
    ask()
    with pytest.raises(CameMeanwhile):
        agree(seen=1)


def test_leaves_what_came_after_it_was_asked_for(station):
    come_ahead(station, ONE)
    key = ask() and card().key
    come_ahead(station, TWO)
    agree(key=key)
    assert {frame.digest: frame.state for frame in Frame.objects.all()} == {digest_of(ONE): "disposed", digest_of(TWO): "verified"}
    assert card().came == 1


def test_is_off_when_the_photos_are_taken_into_the_tray_instead(station):
    come_ahead(station, ONE)
    asked, key = ask(), card().key
    give_up(somebody(Role.CLINICIAN, "khan"))
    asked.refresh_from_db()
    assert asked.state == "refused"
    with pytest.raises(Settled):
        agree(key=key)
    assert Frame.objects.get().state == "verified"


def test_is_off_when_the_card_comes_back(station):
    come_ahead(station, ONE)
    asked, key = ask(), card().key
    read_a_card(ONE, station=station, now=LATER)
    with pytest.raises(Settled):
        agree(key=key)
    assert Frame.objects.get().state == "verified"
    asked.refresh_from_db()
    assert (asked.state, asked.answered_at, asked.answered_by) == ("settled", LATER, None)


def test_is_open_still_for_the_photos_that_were_not_on_the_card_that_came_back(station):
    come_ahead(station, ONE, TWO)
    asked = ask()
    read_a_card(ONE, station=station, now=LATER)
    asked.refresh_from_db()
    assert (asked.state, card().came) == ("asked", 1)
    agree()
    assert {frame.digest: frame.state for frame in Frame.objects.all()} == {digest_of(ONE): "verified", digest_of(TWO): "disposed"}


@pytest.mark.requirement("D5")
def test_is_not_for_what_may_be_evidence(station):
    camera, person = make_camera(at=NOW - timedelta(hours=9)), make_person()
    out = check_out(camera, person, out_at=NOW - timedelta(hours=8))
    come_ahead(station, ONE)
    ask()
    hold_card(by=acting(person), check_out_id=out.pk, now=NOW)
    return_camera(by=acting(person), camera_id=camera.pk, card=CardSaid.HAS_PHOTOS, now=NOW)
    with pytest.raises(MayBeEvidence):
        agree()
    Expected.objects.update(disposal=None)
    with pytest.raises(MayBeEvidence):
        ask()
    assert ahead.may_be_evidence(card())
    assert give_up()
