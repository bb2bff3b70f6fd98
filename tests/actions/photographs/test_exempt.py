"""Six kinds of recording need no consent of their own; whatever else is asked of them is refused (GMC paragraph 10)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories import pictures as invented
from tests.factories.access import give_access
from tests.factories.consent import make_consent
from tests.factories.patients import make_patient
from tests.factories.photographs import file_one
from tests.factories.staff import actor_of, make_person, sign_in
from tests.factories.visits import make_slate

from safelight.audit.models import Entry
from safelight.consent import queries as consents
from safelight.consent.models import Purpose
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.photographs.actions.open_visit import open_visit
from safelight.photographs.errors import NoConsent
from safelight.photographs.models import EXEMPT, Fallback, Recording, Visit
from safelight.photographs.sites import SiteSaid
from safelight.photographs.visit_errors import ExemptForCareAlone, NoPhotosAgreed

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("B10")]


@pytest.fixture
def patient():
    return make_patient()


def _open(by, patient, recording, **said):
    fallback = Fallback.PHOTOGRAPHER if by.has(Role.PHOTOGRAPHER) else Fallback.OWN_ROUTE
    given = {
        "consent_id": None,
        "fallback": fallback,
        "reason": "before_operation",
        "sites": (SiteSaid("abdomen"),),
        "check_out_id": None,
    } | said
    return open_visit(by=by, patient_id=patient.pk, recording=recording, now=clock.now(), new_id=uuid4(), **given)


def test_exactly_six_kinds_are_exempt():
    assert {kind.value for kind in EXEMPT} == {
        "internal_organs",
        "pathology_slide",
        "endoscopy",
        "organ_function",
        "ultrasound",
        "xray",
    }
    assert {kind.value for kind in Recording} - {kind.value for kind in EXEMPT} == {"photo"}


@pytest.mark.parametrize("kind", sorted(EXEMPT))
def test_an_exempt_kind_makes_a_slate_and_is_filed_though_nobody_asked(khan, patient, kind):
    visit = _open(khan, patient, kind)
    assert visit.consent is None
    assert make_slate(visit).visit_id == visit.pk
    assert file_one(patient, visit, khan, jpeg=invented.photo()).patient_id == patient.pk


@pytest.mark.requirement("B1")
def test_a_photo_without_consent_makes_neither_slate_nor_record(khan, patient):
    with pytest.raises(NoPhotosAgreed):
        _open(khan, patient, Recording.PHOTO)
    visit = _open(khan, patient, Recording.XRAY)
    Visit.objects.filter(pk=visit.pk).update(recording=Recording.PHOTO)
    with pytest.raises(NoConsent):
        file_one(patient, visit, khan, jpeg=invented.photo())


@pytest.mark.parametrize("reason", ["teaching", "safeguarding"])
def test_an_exempt_kind_serves_neither_teaching_nor_evidence(khan, patient, reason):
    lens = make_person("lens", name="Ms P Lens", roles=[Role.PHOTOGRAPHER])
    give_access(lens, patient)
    by = khan if reason == "teaching" else actor_of(lens)
    with pytest.raises(ExemptForCareAlone):
        _open(by, patient, Recording.ULTRASOUND, reason=reason)


@pytest.mark.requirement("B12")
def test_what_has_no_trail_of_consent_is_for_the_record_alone(khan, patient):
    file_one(patient, _open(khan, patient, Recording.ENDOSCOPY), khan, jpeg=invented.photo())
    assert not any(consents.allows(khan, patient.pk, purpose, at=clock.now()) for purpose in Purpose)


@pytest.mark.requirement("B11")
def test_a_photo_leads_to_the_words_and_answers_of_its_consent(khan, patient):
    consent = make_consent(patient, khan, yes=(1, 2), at=clock.now() - timedelta(minutes=5))
    visit = _open(khan, patient, Recording.PHOTO, consent_id=consent.pk, reason="wound")
    kept = file_one(patient, visit, khan, jpeg=invented.photo()).visit.consent
    assert kept is not None
    assert kept.wording.questions
    assert {answer.purpose for answer in kept.answers.all() if answer.yes} == {1, 2}


def test_the_entry_says_that_no_consent_was_asked_and_not_what_was_recorded(khan, patient):
    visit = _open(khan, patient, Recording.ULTRASOUND)
    body = next(bytes(entry.body) for entry in Entry.objects.order_by("-seq") if str(visit.pk).encode() in bytes(entry.body))
    assert b'"exempt":true' in body
    assert b"ultrasound" not in body


def test_the_page_offers_these_six_and_nothing_chosen(person, patient):
    client = sign_in(Client(), person)
    address = f"{reverse('photographs:new_exempt_visit')}?patient={patient.pk}"
    page = client.get(address).content.decode()
    assert page.count('name="recording"') == len(EXEMPT)
    assert " checked" not in page
    assert "Only for teaching" not in page
    refused = client.post(address, {"site_1": "abdomen", "why": "wound"})
    assert refused.status_code == 422
    assert "Choose what is recorded" in refused.content.decode()
    made = client.post(address, {"recording": "xray", "site_1": "abdomen", "why": "injury"})
    assert made.status_code == 302
    assert made.url == reverse("photographs:slate", args=[Visit.objects.get().pk])
    assert (
        "Ultrasound, X-ray, endoscopy or a slide?"
        in client.get(f"{reverse('photographs:new_visit')}?patient={patient.pk}").content.decode()
    )


def test_a_crafted_kind_is_refused(person, patient):
    client = sign_in(Client(), person)
    address = f"{reverse('photographs:new_exempt_visit')}?patient={patient.pk}"
    assert client.post(address, {"recording": "photo", "site_1": "abdomen", "why": "wound"}).status_code == 422
    assert not Visit.objects.exists()
