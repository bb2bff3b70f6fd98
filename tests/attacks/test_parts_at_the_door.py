"""Getting photos in ahead of their card: without a credential, with another station's, with other bytes, in forged parts."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from tests.factories.custody import KEEPER, make_station
from tests.factories.doors import StationDoor
from tests.factories.frames import NOW, digest_of, part_of, photo
from tests.servers.site import make_keys

from handover.kinds import LARGEST, FrameKind
from handover.part import MOST_BYTES
from safelight.custody.actions.revoke_station import revoke_station
from safelight.custody.models import Expected, Frame
from safelight.vault import chosen
from safelight.vault.adapters.local import LocalStore
from safelight.vault.models import StoredObject

pytestmark = [pytest.mark.django_db, pytest.mark.goal("S1")]
ONE, TWO = photo(1), photo(2)


@pytest.fixture(autouse=True, scope="module")
def _keys():
    make_keys()


class Door(StationDoor):
    """What it sends while a card is being read."""

    def tell(self, *data: bytes, **changed: object):
        return self.ask("POST", "frames", part_of(self.station.pk, *data, **changed).written())

    def send(self, data: bytes, digest: str = "", **headers: str):
        return self.ask("PUT", f"frames/{digest or digest_of(data)}", data, **headers)


@pytest.fixture
def door():
    return Door()


def kept() -> int:
    return len(list(chosen.store().names()))


def test_what_a_station_told_of_is_taken_and_read_back(door):
    answer = door.tell(ONE, TWO)
    assert answer.status_code == 201
    assert {frame["digest"]: frame["wanted"] for frame in answer.json()["frames"]} == {digest_of(ONE): True, digest_of(TWO): True}
    assert door.send(ONE).json() == {"digest": digest_of(ONE), "state": "verified", "reason": "", "wanted": False}
    before = kept()
    assert door.send(ONE).json()["state"] == "verified"
    assert kept() == before


@pytest.mark.parametrize("credential", ["", "Bearer wrong", "Bearer {revoked}"])
def test_nobody_else_tells_of_photos_or_sends_them(door, credential):
    door.tell(ONE)
    other, revoked = make_station()
    revoke_station(by=KEEPER, station_id=other.pk, now=NOW)
    before, said = kept(), credential.format(revoked=revoked)
    assert door.ask("POST", "frames", part_of(door.station.pk, TWO).written(), HTTP_AUTHORIZATION=said).status_code == 401
    assert door.send(ONE, HTTP_AUTHORIZATION=said).status_code == 401
    assert (kept(), Frame.objects.get().state) == (before, "announced")
    assert Client().post("/station/v1/frames").status_code == 401


def test_a_photo_that_another_station_told_of_reads_like_one_that_does_not_exist(door):
    Door().tell(ONE)
    before = kept()
    answers = [door.send(ONE), door.send(TWO)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert (kept(), Frame.objects.get().state) == (before, "announced")


@pytest.mark.goal("R4")
def test_other_bytes_too_many_and_what_is_no_photo_are_refused_and_nothing_is_kept(door):
    text = b"no photo at all " * 400
    door.tell(ONE, text)
    before = kept()
    assert door.send(TWO, digest_of(ONE)).json()["code"] == "custody.other_bytes"
    assert door.send(text).status_code == 415
    assert door.send(ONE, CONTENT_LENGTH=str(LARGEST[FrameKind.JPEG] + 1)).status_code == 413
    assert (kept(), StoredObject.objects.count()) == (before, 0)
    assert {frame.state for frame in Frame.objects.all()} == {"announced"}


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\x00" * 64, b" " * (MOST_BYTES + 1)])
def test_a_part_that_is_none_notes_nothing(door, raw):
    answer = door.ask("POST", "frames", raw)
    assert (answer.status_code, answer.json()["code"]) == (400, "custody.malformed")
    assert not Expected.objects.exists()


def test_a_station_tells_of_its_own_card_only(door):
    assert door.tell(ONE, station=uuid4()).status_code == 400
    assert door.tell(ONE, station=make_station()[0].pk).status_code == 400
    assert not Expected.objects.exists()


def test_a_store_that_could_not_take_the_whole_card_wants_nothing_ahead(door, monkeypatch):
    """What the store has already needs no room: whether there is enough is known when the card is announced."""
    monkeypatch.setattr(LocalStore, "room", lambda _store: 100_000)
    answer = door.tell(ONE, on_card=60_000)
    assert (answer.status_code, answer.json()["frames"]) == (201, [])
    assert not Expected.objects.exists()
    assert len(door.tell(ONE, on_card=40_000).json()["frames"]) == 1


def test_a_photo_ahead_asks_the_database_few_things_and_no_more(door, django_assert_max_num_queries):
    door.tell(ONE, TWO)
    door.send(ONE)
    with django_assert_max_num_queries(15, connection=connection):
        door.send(TWO)
