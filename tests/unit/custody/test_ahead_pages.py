"""The pages of a card that was never read to its end: what is known of it, the tray, and away by two people."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests.factories.custody import make_camera, make_station
from tests.factories.frames import come_ahead, digest_of, photo
from tests.factories.staff import make_person, sign_in

from safelight.custody import ahead
from safelight.custody.models import Disposal, Expected, Frame, Import
from safelight.kernel import clock
from safelight.kernel.actor import WORKER, Role
from safelight.vault import chosen, upkeep

pytestmark = pytest.mark.django_db
ONE, TWO, THREE = photo(1), photo(2), photo(3)
WHY = "They show the floor of the theatre"


@pytest.fixture(autouse=True, scope="module")
def _keys() -> None:
    upkeep.make_keys()


@pytest.fixture
def card() -> str:
    """The address of a card of CAM-07 of which two photos of three came, three minutes ago."""
    make_camera()
    come_ahead(make_station("Burns 2")[0], ONE, TWO, told=(THREE,), volume="VOL-CAM-07", now=clock.now() - timedelta(minutes=3))
    [found] = ahead.being_read(WORKER, now=clock.now())
    return f"/imports/ahead/{found.key}/"


@pytest.fixture
def signed_in() -> Callable[..., Client]:
    return lambda role=Role.CLINICIAN, name="khan": sign_in(Client(), make_person(name, f"Dr {name.title()}", [role]))


def text(response) -> str:
    assert response.status_code == 200, response
    return " ".join(response.content.decode().split())


def test_who_takes_photos_finds_it_beside_the_reader_and_the_ig_lead_on_the_list(card, signed_in):
    khan, lead, admin = signed_in(), signed_in(Role.IG_LEAD, "lead"), signed_in(Role.ADMINISTRATOR, "admin")
    assert f'href="{card}"' in text(khan.get("/imports/"))
    assert f'href="{card}"' in text(lead.get("/governance/custody/"))
    for address in ("/imports/", "/governance/custody/"):
        assert f'href="{card}"' not in text(admin.get(address))
    assert admin.get(card).status_code == 403
    page = text(khan.get(card))
    for words in ("Burns 2", "CARD-07, of CAM-07", "2 copied and kept here, encrypted. 1 more was seen on the card", "last heard of"):
        assert words in page
    assert "throw" not in page


def test_its_photos_go_into_the_tray_once_it_is_said_why(card, signed_in):
    khan = signed_in()
    assert "Say why the card is not put in again" in text(khan.post(card, {"seen": "2"}))
    assert "More photos have come since you opened the page" in text(khan.post(card, {"seen": "1", "why": "lost"}))
    answer = khan.post(card, {"seen": "2", "why": "broken"})
    made = Import.objects.exclude(given_up="").get()
    assert (answer.url, made.given_up) == (f"/imports/{made.pk}/", "broken")
    page = text(khan.get(answer.url))
    for words in ("The card was not read to its end", "2 of 2 photos are safe.", "if it turns up, put it in"):
        assert words in page
    assert khan.post(card, {"seen": "2", "why": "broken"}).status_code == 409
    assert "wait no longer" in khan.get(card).content.decode()
    assert "was not read to its end" in text(khan.get("/imports/?all=1"))


def test_two_people_throw_its_photos_away_and_the_store_forgets_them(card, signed_in):
    lead, other = signed_in(Role.IG_LEAD, "lead"), signed_in(Role.PHOTOGRAPHER, "other")
    away = f"{card}disposal/"
    assert away in text(lead.get(card))
    assert "Say why these photos can go" in text(lead.post(away, {"seen": "2"}))
    assert lead.post(away, {"seen": "2", "reason": WHY}).url == "/governance/custody/"
    assert "Dr Lead wants them thrown away" in text(other.get("/governance/custody/"))
    page = text(other.get(away))
    assert WHY in page
    assert "You have asked for this" in text(lead.get(away))
    assert lead.post(away, {"seen": "2"}).status_code == 409
    names = {frame.stored_id for frame in Frame.objects.filter(digest__in=[digest_of(ONE), digest_of(TWO)])}
    assert names <= {name for name, _ in chosen.store().names()}
    assert other.post(away, {"seen": "2"}).url == "/governance/custody/"
    assert not names & {name for name, _ in chosen.store().names()}
    assert (Disposal.objects.get().state, Expected.objects.count()) == ("done", 0)
    assert "Card not read to its end" not in text(other.get("/governance/custody/"))


def test_throwing_away_is_asked_for_with_a_fresh_proof_and_is_shut_to_a_ward(card, signed_in):
    assert signed_in().get(f"{card}disposal/").status_code == 403
    lead = signed_in(Role.IG_LEAD, "lead")
    make_person("lead").sign_ins.update(proved_at=clock.now() - timedelta(minutes=6))
    answer = lead.post(f"{card}disposal/", {"seen": "2", "reason": WHY})
    assert answer.url.startswith("/prove/")
    assert not Disposal.objects.exists()


def test_an_address_of_a_card_that_nobody_knows_says_that_it_is_settled(signed_in):
    assert signed_in().get(f"/imports/ahead/{uuid4()}/").status_code == 409
