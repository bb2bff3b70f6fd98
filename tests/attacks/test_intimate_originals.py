"""Taking the file of an intimate picture of a child away from here: by role, by address, by a visit that only touches the site (F6)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.access import give_access
from tests.factories.patients import make_patient
from tests.factories.photographs import Record
from tests.factories.staff import actor_of, make_person, sign_in
from tests.factories.visits import make_visit

from safelight.audit.models import Entry, Outcome
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.photographs.actions.fetch_record_copy import fetch_record_copy
from safelight.photographs.errors import IntimateStays, RecordCopyStays
from safelight.photographs.models import Chaperone, Permit, Photograph
from safelight.photographs.permits import Size
from safelight.photographs.reasons import CopyReason
from safelight.photographs.sites import SiteSaid
from safelight.staff.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("F6")]
TOO_YOUNG, OF_AGE = timedelta(days=365 * 9), timedelta(days=365 * 40)


def intimate_record(*, age: timedelta) -> Record:
    """Whoever is in it has the age: the visit asks it for its slate, the photo for its tier."""
    born, before = clock.now().date() - age, clock.now() - timedelta(hours=1)
    patient = make_patient("MODEL", "Cara", "9990000026", "0000026", born)
    person = make_person("khan", "Dr A Khan", wards=["BURNS2"])
    by, sites = actor_of(person), (SiteSaid("genitals"),)
    visit = make_visit(patient, by, at=before, sites=sites, chaperone=Chaperone.PRESENT, purpose=b"sealed", born=born)
    return Record(person, by, patient, visit)


def somebody(record: Record, *roles: Role) -> Person:
    person = make_person("-".join(roles), "Near", roles=list(roles))
    give_access(person, record.patient, why="break_glass")
    return person


def fetch(photo: Photograph, by: Person) -> Permit:
    return fetch_record_copy(by=actor_of(by), photograph_id=photo.pk, why=CopyReason.COURT, now=clock.now(), new_id=uuid4())


@pytest.mark.parametrize("roles", [(Role.PHOTOGRAPHER,), (Role.CLINICIAN, Role.SENIOR), (Role.CLINICIAN,)])
def test_no_photographer_and_no_senior_clinician_alone_takes_it(roles):
    record = intimate_record(age=TOO_YOUNG)
    [photo] = record.photos()
    with pytest.raises(RecordCopyStays):
        fetch(photo, somebody(record, *roles))
    assert not Permit.objects.exists()
    assert Entry.objects.filter(action="photographs.fetch_record_copy", outcome=Outcome.REFUSED).count() == 1


@pytest.mark.parametrize("roles", [(Role.IG_LEAD,), (Role.PHOTOGRAPHER, Role.SENIOR)])
def test_the_ig_lead_and_a_senior_photographer_do(roles):
    record = intimate_record(age=TOO_YOUNG)
    assert fetch(record.photos()[0], somebody(record, *roles))


def test_a_photo_of_another_site_of_that_visit_stays_as_well():
    record = intimate_record(age=TOO_YOUNG)
    [photo] = record.photos()
    Photograph.objects.update(site="thigh", laterality="left")
    with pytest.raises(IntimateStays):
        fetch(photo, somebody(record, Role.PHOTOGRAPHER))


def test_an_adults_leaves_as_every_file_does():
    record = intimate_record(age=OF_AGE)
    assert fetch(record.photos()[0], somebody(record, Role.PHOTOGRAPHER))


def test_the_page_offers_no_way_and_its_bytes_have_no_address():
    record = intimate_record(age=TOO_YOUNG)
    [photo] = record.photos()
    door = sign_in(Client(), somebody(record, Role.PHOTOGRAPHER))
    assert reverse("photographs:original", args=[photo.pk]) not in door.get(reverse("photographs:photo", args=[photo.pk])).content.decode()
    answer = door.post(reverse("photographs:original", args=[photo.pk]), {"reason": CopyReason.COURT})
    assert answer.status_code != 302 or Size.FULL.value not in answer["Location"]
    assert door.get(reverse("photographs:file", args=[photo.pk, Size.FULL.value])).status_code in (403, 404)
