""" "Identifiers reduced", never "anonymous", unless somebody says so by name and with a reason (F2, F3)."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.deidentify import approve, look_again, ready, seen
from tests.factories.photographs import facts_of, make_record
from tests.factories.staff import actor_of, make_person, sign_in

from safelight.access.errors import NoCareRelationship
from safelight.deidentify.actions.name_anonymous import name_anonymous
from safelight.deidentify.errors import ChangedMeanwhile, NoCopyStands, SayWhy
from safelight.deidentify.models import CoveredCopy
from safelight.deidentify.rules import status_words
from safelight.deidentify.sealed import open_why, seal_why
from safelight.kernel import clock

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("F3")]


@pytest.fixture
def record():
    return make_record()


@pytest.fixture
def approval(record):
    photo = ready(record.photos()[0], record.by)
    return approve(record.by, photo)[photo.pk]


def name(approval, by, words: str = "A patch of skin without marks") -> CoveredCopy:
    why = seal_why(words, about=approval.copy_id)
    name_anonymous(by=by, approval_id=approval.pk, why=why, now=clock.now())
    return CoveredCopy.objects.get()


@pytest.mark.requirement("F2")
def test_a_copy_is_never_called_anonymous_by_itself(approval):
    assert status_words(approval.copy) == "Identifiers reduced"


def test_somebody_says_so_by_name_with_a_reason(record, approval):
    copy = name(approval, record.by)
    assert (copy.anonymous_by, open_why(copy.anonymous_why, about=copy.pk)) == (record.by.id, "A patch of skin without marks")
    assert status_words(copy, named_by="Dr A Khan") == "Anonymous, says Dr A Khan"
    assert facts_of("deidentify.name_anonymous")[0]["copy"] == str(copy.pk)
    assert b"patch of skin" not in bytes(copy.anonymous_why)


def test_refuses_without_a_reason_or_a_second_time(record, approval):
    with pytest.raises(SayWhy):
        name(approval, record.by, " ")
    name(approval, record.by)
    with pytest.raises(ChangedMeanwhile):
        name(approval, record.by)


def test_a_stranger_says_nothing_and_of_nothing_nothing_is_said(record, approval):
    with pytest.raises(NoCareRelationship):
        name(approval, actor_of(make_person("lim", "Mr C Lim", wards=["ED"])))
    with pytest.raises(NoCopyStands):
        name_anonymous(by=record.by, approval_id=uuid4(), why=b"x", now=clock.now())


def page(approval) -> str:
    return reverse("deidentify:anonymous", args=[approval.copy.photograph_id])


@pytest.mark.requirement("F2")
def test_the_page_asks_for_a_reason_and_the_copy_then_says_who_said_so(record, approval):
    ward, done = sign_in(Client(), record.person), f"{reverse('deidentify:covered')}?photos={approval.copy.photograph_id}"
    assert "Can nobody tell who this is?" in ward.get(page(approval)).content.decode()
    assert page(approval) in ward.get(done).content.decode()
    refused = ward.post(page(approval), {"why": " "})
    assert refused.status_code == 422
    assert "Say in a few words why nobody can tell who this is" in refused.content.decode()
    assert ward.post(page(approval), {"why": "A patch of skin without marks"})["Location"] == done
    assert f"Anonymous, says {record.person.name}" in ward.get(done).content.decode()
    assert "has said so already" in ward.post(page(approval), {"why": "Once more"}).content.decode()


def test_the_page_is_for_a_copy_that_stands_and_for_who_may_see_the_patient(record, approval):
    stranger = sign_in(Client(), make_person("lim", "Mr C Lim", wards=["ED"]))
    assert stranger.get(page(approval)).status_code == 403
    look_again(approval.copy, seen("SAMPLE", box=(0.6, 0.6, 0.2, 0.1)), whole=True)
    assert sign_in(Client(), record.person).get(page(approval)).status_code == 409
