"""How soon photos are in the record, as those who oversee cameras are told."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from tests.factories.patients import make_patient
from tests.factories.photographs import file_other
from tests.factories.sessions import Session, sort
from tests.factories.staff import actor_of, make_person, sign_in
from tests.factories.visits import make_visit

from handover.kinds import FrameKind
from safelight.intake.errors import NotForYou
from safelight.intake.promptness import Promptness, promptness
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.patients.models import Patient
from safelight.photographs.models import Photograph

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("D1")]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def lead():
    return actor_of(make_person("lead", "Ms P Lead", [Role.IG_LEAD]))


def filed(*minutes):
    """A visit whose photos were taken so many minutes before the last of them was in the record."""
    by, now = actor_of(make_person()), clock.now()
    visit = make_visit(Patient.objects.first() or make_patient(), by)
    photos = [file_other(visit.patient, visit, FrameKind.VIDEO, uuid4().bytes).pk for _ in minutes]
    for photo, ago in zip(photos, minutes, strict=True):
        Photograph.objects.filter(pk=photo).update(taken_at=now - ago * MINUTE, filed_at=now - ago * MINUTE)
    Photograph.objects.filter(pk=photos[-1]).update(filed_at=now)


def test_are_the_middle_visit_and_the_one_that_95_of_100_are_not_later_than(lead):
    for minutes in range(1, 21):
        filed(minutes)
    assert promptness(lead, since=clock.now() - 60 * MINUTE) == Promptness(20, 10.5 * MINUTE, 19 * MINUTE, 0)


def test_counts_from_the_first_photo_of_a_visit_to_its_last_in_the_record(lead):
    filed(9, 4, 2)
    assert promptness(lead, since=clock.now() - 60 * MINUTE).middle == 9 * MINUTE


def test_leaves_out_what_was_filed_before(lead):
    filed(5)
    Photograph.objects.update(filed_at=clock.now() - 61 * MINUTE)
    assert promptness(lead, since=clock.now() - 60 * MINUTE) == Promptness(0, None, None, 0)


def test_tells_what_waits_in_the_tray_and_in_no_figure(lead):
    ward = Session()
    ward.photos(2)
    sort(ward.put_in())
    assert promptness(lead, since=clock.now() - 60 * MINUTE) == Promptness(0, None, None, 2)


def test_stands_on_the_page_of_those_who_oversee_and_nowhere_for_a_ward():
    filed(7)
    page = sign_in(Client(), make_person("lead", "Ms P Lead", [Role.IG_LEAD])).get("/governance/custody/").content.decode()
    after = page[page.index("How soon photos are in the record, 30 days") :]
    assert ">7 minutes<" in after[after.index("Half of them within") :][:200]
    assert ">7 minutes<" in after[after.index("95 of 100 within") :][:200]
    with pytest.raises(NotForYou):
        promptness(actor_of(make_person()), since=clock.now())
