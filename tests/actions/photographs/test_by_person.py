"""How good each person's photos are, as who teaches them is told, and as they are told themselves."""

from datetime import timedelta

import pytest
from django.test import Client
from tests.factories.photographs import file_other, make_record
from tests.factories.staff import actor_of, make_person, sign_in

from handover.kinds import FrameKind
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.photographs.by_person import Craft, everybodys, ones_own
from safelight.photographs.models import Photograph, Recording, Visit
from safelight.photographs.quality.hints import Hint
from safelight.staff.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("A6")]
A_DAY = timedelta(days=1)


@pytest.fixture
def lead():
    return actor_of(make_person("lead", "Ms P Lead", [Role.IG_LEAD]))


def taken(*hints, number="9990000018", ward="BURNS2"):
    """Photos of one visit of the doctor of a ward, and what the computer said of each."""
    record = make_record(number=number, ward=ward)
    for photo, said in zip(record.photos(len(hints)), hints, strict=True):
        Photograph.objects.filter(pk=photo.pk).update(hints=list(said), filed_at=clock.now())
    return record


def test_counts_photos_and_those_of_which_something_was_said(lead):
    record = taken((Hint.FOCUS, Hint.GLARE), (Hint.FOCUS,), (), (Hint.NO_SCALE,))
    assert everybodys(lead, since=clock.now() - A_DAY) == [Craft(record.person.pk, 4, 2, Hint.FOCUS, 1, 0)]


def test_a_visit_shows_a_ruler_where_one_photo_does(lead):
    taken((Hint.NO_SCALE,), (Hint.NO_SCALE,))
    record = taken((Hint.NO_SCALE,), (), number="9990000026")
    assert everybodys(lead, since=clock.now() - A_DAY) == [Craft(record.person.pk, 4, 0, None, 2, 1)]


def test_ten_photos_are_needed_before_one_in_a_hundred_is_said(lead):
    taken(*[()] * 8, (Hint.DARK,))
    assert [one.score for one in everybodys(lead, since=clock.now() - A_DAY)] == [None]
    taken((Hint.BRIGHT,), number="9990000026")
    assert [one.score for one in everybodys(lead, since=clock.now() - A_DAY)] == [80]


def test_who_needs_teaching_most_comes_first_and_who_took_too_few_last(lead):
    taken(*[(Hint.FOCUS,)] * 3, ward="FEW")
    taken(*[()] * 10, number="9990000026", ward="GOOD")
    taken(*[(Hint.FOCUS,)] * 4, *[()] * 6, number="9990000034", ward="WORSE")
    names = {one.pk: one.username for one in Person.objects.all()}
    assert [names[one.person] for one in everybodys(lead, since=clock.now() - A_DAY)] == ["worse-doctor", "good-doctor", "few-doctor"]


def test_leaves_out_what_has_no_picture_what_is_exempt_and_what_was_filed_before(lead):
    record = taken((Hint.FOCUS,))
    file_other(record.patient, record.visit, FrameKind.VIDEO, b"a video")
    old = taken((Hint.FOCUS,), number="9990000026", ward="ANOTHER")
    Photograph.objects.filter(patient=old.patient).update(filed_at=clock.now() - 2 * A_DAY)
    slide = taken((Hint.FOCUS,), number="9990000034", ward="THIRD")
    Visit.objects.filter(pk=slide.visit.pk).update(recording=Recording.PATHOLOGY_SLIDE)
    assert [(one.person, one.photos) for one in everybodys(lead, since=clock.now() - A_DAY)] == [(record.person.pk, 1)]


def test_only_who_teaches_or_names_those_who_may_sees_other_people():
    record = taken((Hint.FOCUS,))
    for role in (Role.IG_LEAD, Role.PHOTOGRAPHER):
        assert everybodys(actor_of(make_person(f"{role}", "One", [role])), since=clock.now() - A_DAY)
    for person in (record.person, make_person("admin", "An Administrator", [Role.ADMINISTRATOR])):
        assert everybodys(actor_of(person), since=clock.now() - A_DAY) == []
    page = sign_in(Client(), Person.objects.get(username="admin")).get("/governance/custody/").content.decode()
    assert "How soon photos are in the record" in page
    assert "How good photos are" not in page


def test_stands_on_the_page_of_who_oversees(lead):
    taken((Hint.FOCUS,), ())
    page = sign_in(Client(), Person.objects.get(username="lead")).get("/governance/custody/").content.decode()
    part = page[page.index("How good photos are, by who took them, 30 days: 1") :]
    assert part.index("Dr A Khan") < part.index("May be out of focus") < part.index("Too few") < part.index("0 of 1")


def test_each_sees_their_own_and_nobody_elses():
    taken((Hint.FOCUS,), (Hint.NO_SCALE,))
    taken((Hint.DARK,), number="9990000026", ward="ANOTHER")
    page = sign_in(Client(), Person.objects.get(username="burns2-doctor")).get("/me/").content.decode()
    part = page[page.index("Your photos, 30 days") :]
    assert "2 photos in the record." in part
    assert "The computer thought of 1 that it may be worth taking again: it may be out of focus." in " ".join(part.split())
    assert "too dark" not in part
    assert ones_own(actor_of(make_person("new", "Dr New")), since=clock.now() - A_DAY) is None
