"""Only what a page showed, and was read to the patient, is still the same: not what somebody else has recorded since."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.consent import make_consent
from tests.factories.staff import sign_in

from safelight.consent import queries
from safelight.consent.actions.withdraw_consent import withdraw_consent
from safelight.consent.models import Consent, Purpose
from safelight.kernel import clock

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.requirement("B3"),
    pytest.mark.parametrize("name", ["consent:new", "photographs:new_visit"]),
]
WHERE = {"site_1": "forearm", "side_1": "left", "why": "wound"}
AN_HOUR_AGO = timedelta(hours=1)


@pytest.fixture
def client(person):
    return sign_in(Client(), person)


@pytest.fixture
def shown(khan, patient):
    return make_consent(patient, khan, yes=(1, 2), at=clock.now() - AN_HOUR_AGO)


@pytest.fixture
def open_page(client, shown, name):
    """The page as it was opened: its address, and what its button sends."""
    address = f"{reverse(name)}?patient={shown.patient_id}"
    hidden = dict(re.findall(r'name="(wording|shown)" value="([^"]+)"', client.get(address).content.decode()))
    return address, {"answer": "same"} | hidden | WHERE


def _says_so(client, open_page, now):
    answer = client.post(*open_page)
    page = answer.content.decode()
    assert (answer.status_code, Consent.objects.filter(still_the_same=True).count()) == (422, 0)
    assert "Somebody else has just recorded what this patient agrees to" in page
    assert now in page


def test_more_that_was_agreed_to_meanwhile_is_not_what_was_read_out(client, khan, open_page, shown):
    make_consent(shown.patient, khan, yes=(1, 2, 3, 4, 5), at=clock.now())
    _says_so(client, open_page, "record yes, advice yes, other hospital yes, teaching yes, publication yes")


def test_what_was_taken_back_meanwhile_is_not_the_same(client, khan, open_page, shown):
    withdraw_consent(by=khan, consent_id=shown.pk, purposes=frozenset({Purpose.ADVICE_HERE}), now=clock.now())
    _says_so(client, open_page, "record yes, advice no")


def test_what_the_page_shows_then_can_be_the_same(client, khan, open_page, shown):
    make_consent(shown.patient, khan, yes=(1,), at=clock.now() - timedelta(seconds=1))
    address, sent = open_page
    again = re.search(r'name="shown" value="([^"]+)"', client.post(address, sent).content.decode())[1]
    assert client.post(address, sent | {"shown": again}).status_code == 302
    assert queries.agreed(khan, shown.patient_id) == {Purpose.TAKE_AND_KEEP}
