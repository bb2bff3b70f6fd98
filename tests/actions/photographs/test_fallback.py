"""The ward camera is for when no medical photographer is to be had: every visit says why."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.factories.patients import make_patient
from tests.factories.staff import actor_of, make_person, sign_in
from tests.factories.visits import make_visit

from safelight.kernel.actor import Role
from safelight.photographs import fallback
from safelight.photographs.models import Fallback, Visit
from safelight.photographs.visit_errors import WhyNotThePhotographer

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("A7")]
MONDAY_NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "says"),
    [
        (MONDAY_NOON, Fallback.OWN_ROUTE),
        (datetime(2026, 11, 23, 8, 29, tzinfo=UTC), Fallback.OUT_OF_HOURS),
        (datetime(2026, 11, 23, 8, 30, tzinfo=UTC), Fallback.OWN_ROUTE),
        (datetime(2026, 11, 27, 16, 59, tzinfo=UTC), Fallback.OWN_ROUTE),
        (datetime(2026, 11, 27, 17, 0, tzinfo=UTC), Fallback.OUT_OF_HOURS),
        (datetime(2026, 11, 28, 12, 0, tzinfo=UTC), Fallback.OUT_OF_HOURS),
        (datetime(2026, 7, 6, 7, 45, tzinfo=UTC), Fallback.OWN_ROUTE),
    ],
)
def test_nights_and_weekends_are_filled_in_by_the_clock_of_the_site(when, says):
    assert fallback.usual(actor_of(make_person()), now=when) is says


def test_a_photographer_gives_no_reason():
    lens = actor_of(make_person("lens", name="Ms P Lens", roles=[Role.PHOTOGRAPHER]))
    assert fallback.usual(lens, now=MONDAY_NOON) is Fallback.PHOTOGRAPHER


def test_refuses_who_calls_themselves_a_photographer():
    with pytest.raises(WhyNotThePhotographer):
        make_visit(make_patient(), actor_of(make_person()), fallback=Fallback.PHOTOGRAPHER)
    assert not Visit.objects.exists()


@pytest.mark.parametrize(("chosen", "kept"), [({}, "own_route"), ({"fallback": "not_free"}, "not_free"), ({"fallback": ""}, "own_route")])
def test_the_page_says_it_and_lets_it_be_changed(chosen, kept):
    patient, address = make_patient(), reverse("photographs:new_exempt_visit")
    with time_machine.travel(MONDAY_NOON):
        client = sign_in(Client(), make_person("okoro"))
        page = client.get(f"{address}?patient={patient.pk}").content.decode()
        assert "Not the medical photographer: agreed: this ward takes its own photos" in page
        said = {"recording": "xray", "site_1": "abdomen", "why": "injury"} | chosen
        assert client.post(f"{address}?patient={patient.pk}", said).status_code == 302
    assert Visit.objects.get().fallback == kept


def test_a_crafted_reason_is_refused():
    patient, address = make_patient(), reverse("photographs:new_exempt_visit")
    client = sign_in(Client(), make_person())
    said = {"recording": "xray", "site_1": "abdomen", "why": "injury", "fallback": "photographer"}
    assert client.post(f"{address}?patient={patient.pk}", said).status_code == 422
