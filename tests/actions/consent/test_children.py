"""A child may decide without a parent where they were judged able to: the page says what that choice means, the consent that it was so."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.consent import make_consent
from tests.factories.patients import make_patient
from tests.factories.staff import sign_in

from safelight.consent import rules
from safelight.consent.models import Consent, WhoAgreed
from safelight.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("B9")]
MEANS, SO = "you judged them able to decide", "who decided for themselves"
BORN, ASKED = date(2012, 3, 2), datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def client(person):
    return sign_in(Client(), person)


@pytest.mark.parametrize("name", ["consent:new", "photographs:new_visit"])
@pytest.mark.parametrize(("years", "said"), [(14, True), (40, False)])
def test_the_page_says_what_it_means_that_a_child_decides(client, name, years, said):
    patient = make_patient(born=date(clock.now().year - years, 1, 1))
    assert (MEANS in client.get(f"{reverse(name)}?patient={patient.pk}").content.decode()) is said


@pytest.mark.parametrize(("who", "said"), [(WhoAgreed.PATIENT, True), (WhoAgreed.PARENT, False)])
def test_a_consent_says_that_a_child_decided(client, khan, who, said):
    consent = make_consent(make_patient(born=BORN), khan, who=who, at=ASKED)
    page = client.get(reverse("consent:consent", args=[consent.pk])).content.decode()
    assert (f"The patient, 13 years old, {SO}" in page, SO in page) == (said, said)


@pytest.mark.parametrize(
    ("born", "years"), [(date(2010, 3, 2), 15), (date(2010, 3, 1), None), (date(2026, 1, 1), 0), (None, None)], ids=str
)
def test_who_is_sixteen_decides_like_anybody(born, years):
    asked = Consent(who_agreed=WhoAgreed.PATIENT)
    assert rules.child_who_decided(asked, born, on=date(2026, 3, 1)) == years
