"""Whoever leaves takes no photo along: the photos stay, and are out of their reach at the next request (G12)."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.photographs import make_record
from tests.factories.staff import actor_of, make_person, sign_in

from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.photographs.models import Photograph
from safelight.staff.actions.deactivate_person import deactivate_person
from safelight.staff.models import Person
from safelight.vault import objects

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("G12")]
FOUND, REDIRECT = 200, 302


def test_photos_stay_whole_and_with_those_who_look_after_the_patient():
    record = make_record()
    photo = record.photos(1)[0]
    taker = Person.objects.get(pk=record.by.id)
    gone, stays = sign_in(Client(), taker), sign_in(Client(), make_person("webb", name="Sr E Webb"))
    address = reverse("photographs:photo", args=[photo.pk])
    assert gone.get(address).status_code == FOUND
    administrator = make_person("ada", name="Ada Example", roles=[Role.ADMINISTRATOR])
    deactivate_person(by=actor_of(administrator, proved_at=clock.now()), person_id=taker.pk, now=clock.now())
    assert gone.get(address).status_code == REDIRECT
    assert gone.get(reverse("photographs:patient", args=[record.patient.pk])).status_code == REDIRECT
    assert stays.get(address).status_code == FOUND
    kept = Photograph.objects.select_related("record_copy").get()
    assert objects.read_back(kept.record_copy) == kept.record_copy.digest
    assert taker.name in stays.get(reverse("photographs:who_looked", args=[record.patient.pk])).content.decode()
