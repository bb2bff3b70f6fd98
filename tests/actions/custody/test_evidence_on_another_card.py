"""What may be evidence lies on the card that was in the camera, which may be another than the register says, and beside other files."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.factories.custody import KEEPER, check_out, make_camera, make_card, make_station, prove_empty, read_card
from tests.factories.frames import NOW, digest_of, photo, read_a_card
from tests.factories.staff import actor_of, make_person, sign_in

from safelight.custody.actions.decide_leftover import decide_leftover
from safelight.custody.actions.hold_card import hold_card
from safelight.custody.actions.release_card import release_card
from safelight.custody.actions.return_camera import return_camera
from safelight.custody.errors import HeldForEvidence, NotForYou
from safelight.custody.models import Card, Import, LeftOver
from safelight.custody.rules import CardSaid, Decision
from safelight.kernel.actor import WORKER, Actor, ActorKind, Role

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("C9"), pytest.mark.requirement("D5")]
ONE = photo(1)
PHOTOGRAPHER = Actor(kind=ActorKind.STAFF, id=KEEPER.id, roles=frozenset({Role.PHOTOGRAPHER}), aal=2)
EARLIER = NOW - timedelta(hours=2)


@pytest.fixture(autouse=True)
def evidential():
    """CAM-07 is out for a safeguarding sequence."""
    out = check_out(make_camera(at=EARLIER), make_person(), out_at=EARLIER + timedelta(hours=1))
    hold_card(by=KEEPER, check_out_id=out.pk, now=EARLIER + timedelta(hours=1))
    return out


@pytest.fixture
def spare():
    """A card of the register that belongs to no camera."""
    card = make_card("CARD-20", volume="VOL-SPARE", at=EARLIER)
    prove_empty(card, at=EARLIER)
    return card


def brought(card, *data, **how):
    reading = read_a_card(*data, volume=card.volume, **how)
    for one in data:
        reading.receive(one)
        reading.verify(one)
    return reading


def is_held(reading, card):
    with pytest.raises(HeldForEvidence):
        reading.permit()
    card.refresh_from_db()
    return card.held_at == NOW and Import.objects.get(pk=reading.import_id).held


def test_a_spare_card_with_photos_is_held_until_a_named_person_releases_it(spare):
    station, _ = make_station()
    reading = brought(spare, ONE, station=station)
    assert is_held(reading, spare)
    release_card(by=PHOTOGRAPHER, card_id=spare.pk, now=NOW + timedelta(minutes=1))
    read_a_card(ONE, volume=spare.volume, station=station, now=NOW + timedelta(minutes=2))
    assert reading.permit(now=NOW + timedelta(minutes=2)).digests == (digest_of(ONE),)


def test_so_is_the_card_of_a_camera_that_was_not_out_since_it_was_empty():
    camera = make_camera("CAM-08", at=EARLIER - timedelta(hours=2))
    card = Card.objects.get(code="CARD-08")
    check_out(camera, make_person("webb", "Sr E Webb"), out_at=EARLIER - timedelta(hours=1))
    return_camera(by=WORKER, camera_id=camera.pk, card=CardSaid.HAS_PHOTOS, now=EARLIER - timedelta(minutes=30))
    prove_empty(card, at=EARLIER)
    assert is_held(brought(card, ONE), card)


def test_and_a_spare_one_that_nobody_had_read_before():
    card = make_card("CARD-21", volume="VOL-NEW", at=EARLIER)
    assert is_held(brought(card, ONE), card)


def test_also_after_the_camera_came_home_while_no_card_of_it_was_read(spare, evidential):
    return_camera(by=WORKER, camera_id=evidential.camera_id, card=CardSaid.NOT_IN_IT, now=NOW - timedelta(minutes=1))
    assert is_held(brought(spare, ONE), spare)


def test_a_spare_card_without_photos_is_not(spare):
    assert brought(spare).permit().digests == ()


def test_nor_is_the_card_of_another_camera_that_is_out():
    check_out(make_camera("CAM-08", at=EARLIER), make_person("webb", "Sr E Webb"), out_at=EARLIER + timedelta(hours=1))
    assert brought(Card.objects.get(code="CARD-08"), ONE).permit().digests == (digest_of(ONE),)


def test_nor_of_one_that_came_home_without_it():
    camera = make_camera("CAM-08", at=EARLIER)
    check_out(camera, make_person("webb", "Sr E Webb"), out_at=EARLIER + timedelta(hours=1))
    return_camera(by=WORKER, camera_id=camera.pk, card=CardSaid.NOT_IN_IT, now=NOW - timedelta(minutes=1))
    assert brought(Card.objects.get(code="CARD-08"), ONE).permit().digests == (digest_of(ONE),)


@pytest.mark.parametrize("volume", ["VOL-CAM-07", "VOL-NOBODY-KNOWS"])
def test_another_file_beside_it_is_erased_on_no_ward_persons_word(volume):
    read_card(Card(volume=volume), frames=1, others=("VOICE.WAV",), at=NOW)
    leftover, khan = LeftOver.objects.get(), make_person()

    def decide(by, decision):
        decide_leftover(by=by, leftover_id=leftover.pk, decision=decision, reason="A voice", now=NOW)

    with pytest.raises(NotForYou):
        decide(actor_of(khan), Decision.ERASE)
    page = sign_in(Client(), khan).get(f"/cameras/leftovers/{leftover.read_in_id}/").content.decode()
    assert "They may be evidence" in page
    assert "I have looked, erase" not in page
    decide(actor_of(khan), Decision.GIVE)
    decide(PHOTOGRAPHER, Decision.ERASE)
