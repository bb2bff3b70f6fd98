"""The page on which a senior colleague signs an intimate picture of somebody under 18 off, by hand."""

from datetime import date, timedelta

import pytest
from django.test import Client
from tests.factories.deidentify import FULL, ready
from tests.factories.patients import make_patient
from tests.factories.photographs import file_one
from tests.factories.staff import actor_of, make_person, sign_in
from tests.factories.visits import make_visit

from safelight.deidentify import queries
from safelight.deidentify.models import Approval, SignOff
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.photographs.models import Chaperone
from safelight.photographs.sites import SiteSaid

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("F6")]


@pytest.fixture
def khan():
    return make_person()


@pytest.fixture
def photo(khan):
    by, born = actor_of(khan), clock.now().date() - timedelta(days=365 * 9)
    child = make_patient("MODEL", "Cara", "9990000026", "0000026", date(born.year, 1, 1))
    visit = make_visit(
        child,
        by,
        at=clock.now() - timedelta(hours=1),
        sites=(SiteSaid("genitals"),),
        chaperone=Chaperone.PRESENT,
        purpose=b"sealed",
        born=born,
    )
    return ready(file_one(child, visit), by, boxes=())


@pytest.fixture
def senior():
    return sign_in(Client(), make_person("patel", "Ms R Patel", roles=[Role.CLINICIAN, Role.SENIOR]))


def save(ward_pc: Client, photo):
    draft = queries.newest_copy(actor_of(make_person()), photo.pk)
    boxes = {f"version-{photo.pk}": draft.version, f"turn-{photo.pk}": 0, f"boxes-{photo.pk}": "[]"}
    return ward_pc.post(f"/photos/{photo.pk}/cover/", boxes | {"save": "1", "looked_for": [line.value for line in FULL.statements]})


def test_two_people_are_needed_and_the_page_says_so(khan, photo, senior):
    ward_pc, page = sign_in(Client(), khan), f"/photos/{photo.pk}/cover/sign-off/"
    refused = save(ward_pc, photo)
    assert refused.status_code == 422
    assert page in refused.content.decode()
    assert not Approval.objects.exists()
    assert ward_pc.get(page).status_code == 403
    assert "Sign off an intimate photo" in senior.get(page).content.decode()
    assert senior.post(page, {"purpose": "To plan the operation"}).status_code == 302
    assert save(senior, photo).status_code == 422  # who signed off does not approve
    assert save(ward_pc, photo).status_code == 302
    assert Approval.objects.get().copy.sign_off == SignOff.objects.get()


def test_without_words_nothing_is_signed_and_the_page_says_what_is_missing(photo, senior):
    answer = senior.post(f"/photos/{photo.pk}/cover/sign-off/", {"purpose": " "})
    assert answer.status_code == 422
    assert "Say in a few words why a colleague must see this photo" in answer.content.decode()
    assert not SignOff.objects.exists()


def test_a_photo_of_an_arm_has_no_such_page(khan, senior):
    patient = make_patient()
    photo = file_one(patient, make_visit(patient, actor_of(khan), at=clock.now() - timedelta(hours=1)))
    assert senior.get(f"/photos/{photo.pk}/cover/sign-off/").status_code == 409
