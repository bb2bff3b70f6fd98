"""The door for a browser that reads a card: for whoever takes photos, their own imports only, and never a word of wiping."""

import json
from hashlib import sha256
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.frames import photo
from tests.factories.staff import make_person, sign_in

from safelight.audit.keys import make_seed
from safelight.custody.lifecycle import FrameState
from safelight.custody.models import Card, Frame, Import, LeftOver, Station
from safelight.custody.rules import browser_of
from safelight.kernel import clock
from safelight.kernel.actor import Role

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("D3")]
DATA = photo(1)
DIGEST = sha256(DATA).hexdigest()
LINE = {"file": "IMG_0001.JPG", "folder": "100CANON", "modified": None, "sha256": DIGEST, "size": len(DATA)}


@pytest.fixture(autouse=True)
def _key(settings, tmp_path):
    settings.SAFELIGHT_RECEIPT_KEY = tmp_path / "receipt.seed"
    make_seed(settings.SAFELIGHT_RECEIPT_KEY)


@pytest.fixture
def khan():
    return make_person("khan", "Dr A Khan")


@pytest.fixture
def client(khan):
    return sign_in(Client(), khan)


def written(**said) -> str:
    return json.dumps(said, separators=(",", ":"), sort_keys=True)


def announce(client, *frames, others=(), **more):
    body = written(frames=list(frames or [LINE]), others=list(others), **more)
    return client.post(reverse("custody:browser_cards"), body, content_type="application/json")


def at(read_in, *where) -> str:
    return reverse("custody:browser") + "/".join((str(read_in), *where))


def bring(client) -> str:
    read_in = announce(client).json()["import"]
    assert client.put(at(read_in, "frames", DIGEST), DATA, content_type="image/jpeg").json()["state"] == "verified"
    return read_in


def end(client, read_in, *, emptied, held=False):
    return client.post(at(read_in, "end"), written(emptied=emptied, held=held), content_type="application/json")


@pytest.mark.parametrize(
    ("emptied", "method"), [(True, "deleted by a browser, not wiped"), (False, "copied by a browser, nothing deleted")]
)
def test_a_card_goes_the_way_of_the_station_and_nothing_counts_as_erased(client, khan, emptied, method):
    read_in = bring(client)
    assert DIGEST in client.post(at(read_in, "receipt")).content.decode()
    assert end(client, read_in, emptied=emptied).status_code == 200
    kept = Import.objects.get()
    assert (kept.station_id, kept.certificate["method"], kept.certificate["empty"]) == (browser_of(khan.pk), method, False)
    assert Frame.objects.get().state == FrameState.RELEASED
    assert not Card.objects.exclude(proved_empty_at=None).exists()


@pytest.mark.requirement("D8")
def test_the_same_card_again_is_the_same_import_and_sends_nothing(client):
    read_in = bring(client)
    again = announce(client).json()
    assert again["import"] == read_in
    assert [frame["wanted"] for frame in again["frames"]] == [False]
    assert Frame.objects.count() == 1


def test_there_is_no_receipt_for_what_has_not_come(client):
    read_in = announce(client).json()["import"]
    answer = client.post(at(read_in, "receipt"))
    assert (answer.status_code, answer.json()["code"]) == (409, "custody.not_yet_verified")


def test_other_bytes_than_announced_are_not_kept(client):
    read_in = announce(client).json()["import"]
    answer = client.put(at(read_in, "frames", DIGEST), photo(2), content_type="image/jpeg")
    assert (answer.status_code, answer.json()["code"]) == (422, "custody.other_bytes")
    assert Frame.objects.get().stored is None


def test_another_persons_import_is_none_that_exists(client):
    read_in = bring(client)
    other = sign_in(Client(), make_person("webb", "Sr E Webb"))
    for answer in (other.post(at(read_in, "receipt")), end(other, read_in, emptied=True), other.put(at(read_in, "frames", DIGEST), DATA)):
        assert answer.status_code == 404
    assert Import.objects.get().finished_at is None


def test_what_stays_is_named_for_somebody_to_look_at(client):
    announce(client, others=[{"path": "NOTES.TXT", "size": 3, "why": "unknown_file"}])
    assert LeftOver.objects.get().why == "unknown_file"


def test_only_those_who_take_photos_read_cards(client):
    clerk = sign_in(Client(), make_person("clerk", "A Clerk", roles=[Role.IG_LEAD]))
    assert clerk.get(reverse("custody:browser")).status_code == 403
    assert announce(clerk).status_code == 403
    assert Client().post(reverse("custody:browser_cards")).status_code in {302, 401, 403}
    assert client.get(reverse("custody:browser")).status_code == 200


def test_one_that_was_taken_off_the_list_stays_off_it(client, khan):
    bring(client)
    Station.objects.filter(pk=browser_of(khan.pk)).update(revoked_at=clock.now())
    assert announce(client).status_code == 403


@pytest.mark.parametrize(
    "line",
    [{"file": "NOTES.TXT"}, {"sha256": "no digest"}, {"size": -1}, {"folder": "../up\u0000"}, {"modified": "yesterday"}, {"more": 1}],
)
def test_what_is_not_of_the_form_is_refused(client, line):
    assert announce(client, LINE | line).status_code == 400
    assert announce(client, more=[]).status_code == 400
    assert not Import.objects.exists()


def test_a_forged_request_is_refused(khan):
    strict = sign_in(Client(enforce_csrf_checks=True), khan)
    assert announce(strict).status_code == 403
    assert strict.put(at(uuid4(), "frames", DIGEST), DATA).status_code == 403
