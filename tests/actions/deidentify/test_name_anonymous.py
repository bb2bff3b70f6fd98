""" "Identifiers reduced", never "anonymous", unless somebody says so by name and with a reason (F2, F3)."""

from uuid import uuid4

import pytest
from tests.factories.deidentify import approve, ready
from tests.factories.photographs import facts_of, make_record
from tests.factories.staff import actor_of, make_person

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
