"""A link and its code that were handed on: each browser opens for itself, so that each opening is counted and the asker sees it."""

import pytest
from django.test import Client
from tests.factories.guests import ask_guest, prove
from tests.factories.sharing import WORDS
from tests.factories.staff import sign_in

from safelight.sharing.models import Opening, Opinion

pytestmark = pytest.mark.django_db


@pytest.mark.goal("S2")
def test_a_second_browser_sees_nothing_that_the_first_has_opened_until_it_opens_too(folder, shareable):
    opinion = ask_guest(shareable)
    left, page = opinion.openings_left, f"/o/{opinion.public_id}/"
    first = prove(Client(), opinion, folder)
    first.post(f"{page}open/")
    assert WORDS in first.get(f"{page}question/").content.decode()
    second = prove(Client(), opinion, folder)
    assert second.get(f"{page}question/")["Location"] == page
    assert second.get(f"{page}photos/{opinion.items.first().pk}/").status_code == 404
    assert second.get(f"{page}state/")["HX-Redirect"] == page
    assert Opening.objects.filter(opinion=opinion).count() == 1
    second.post(f"{page}open/")
    assert WORDS in second.get(f"{page}question/").content.decode()
    assert Opinion.objects.get().openings_left == left - 2
    assert "2 times" in sign_in(Client(), shareable.record.person).get(f"/opinions/{opinion.pk}/").content.decode()


def test_the_same_browser_goes_on_reading_what_it_opened(folder, shareable):
    opinion = ask_guest(shareable)
    client, page = prove(Client(), opinion, folder), f"/o/{opinion.public_id}/"
    client.post(f"{page}open/")
    for _ in range(3):
        assert WORDS in client.get(f"{page}question/").content.decode()
    assert Opening.objects.filter(opinion=opinion, item=None).count() == 1
