"""Intimate pictures of people under 18: a second, senior person agrees, and says why (F6)."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from tests.factories.deidentify import approve, made, open_desk, ready
from tests.factories.photographs import facts_of, make_record
from tests.factories.staff import actor_of, make_person

from safelight.access.errors import NoCareRelationship
from safelight.deidentify import queries
from safelight.deidentify.actions.sign_off import sign_off
from safelight.deidentify.errors import NotOpened, NotOwed, NotSenior, SayWhy, SeniorSignOffOwed
from safelight.deidentify.models import Approval, SignOff
from safelight.deidentify.sealed import open_why, seal_why
from safelight.kernel import clock
from safelight.kernel.actor import Role
from safelight.photographs import rules
from safelight.photographs.models import Chaperone
from safelight.photographs.sites import SiteSaid

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("F6")]
WORDS = "To plan the operation with the surgeon on call"


@pytest.fixture
def record():
    return make_record(
        sites=(SiteSaid("genitals"),), chaperone=Chaperone.PRESENT, purpose=b"sealed", born=clock.now().date() - timedelta(days=365 * 9)
    )


@pytest.fixture
def photo(record):
    return ready(record.photos()[0], record.by)


@pytest.fixture
def senior():
    return actor_of(make_person("patel", "Ms R Patel", roles=[Role.CLINICIAN, Role.SENIOR]))


def sign(photo, by, words: str = WORDS) -> SignOff:
    new_id = uuid4()
    return sign_off(by=by, photograph_id=photo.pk, purpose=seal_why(words, about=new_id), now=clock.now(), new_id=new_id)


def of_a_child(photo):
    return made(photo, young=True)


def test_refuses_without_a_senior_person(record, photo):
    with pytest.raises(SeniorSignOffOwed):
        approve(record.by, photo, copies=[of_a_child(photo)])
    assert not Approval.objects.exists()


def test_with_it_the_copy_is_restricted_and_says_whose_sign_off_it_rests_on(record, photo, senior):
    open_desk(photo, senior)
    signed = sign(photo, senior)
    approval = approve(record.by, photo, copies=[of_a_child(photo)])[photo.pk]
    assert (approval.copy.restricted, approval.copy.sign_off) == (True, signed)
    assert queries.approvals(record.by, [photo.pk]) == {photo.pk: approval}
    assert facts_of("deidentify.approve_copies")[1]["restricted"] is True


def test_why_is_sealed_and_can_be_read_by_who_may(photo, senior):
    open_desk(photo, senior)
    signed = sign(photo, senior)
    assert WORDS.encode() not in bytes(signed.purpose)
    assert open_why(signed.purpose, about=signed.pk) == WORDS
    assert facts_of("deidentify.sign_off") == [
        {
            "fact": "deidentify.SignedOff",
            "patient": str(photo.patient_id),
            "photograph": str(photo.pk),
            "sign_off": str(signed.pk),
        }
    ]


def test_who_signed_off_does_not_approve(photo, senior):
    open_desk(photo, senior)
    sign(photo, senior)
    with pytest.raises(SeniorSignOffOwed):
        approve(senior, photo, copies=[of_a_child(photo)])


def test_only_a_senior_person_who_looks_after_the_patient_and_has_looked_signs_off(record, photo, senior):
    with pytest.raises(NotSenior):
        sign(photo, record.by)
    with pytest.raises(NotOpened):
        sign(photo, senior)
    elsewhere = actor_of(make_person("fox", "Mr B Fox", roles=[Role.CLINICIAN, Role.SENIOR], wards=["ED"]))
    with pytest.raises(NoCareRelationship):
        sign(photo, elsewhere)
    assert not SignOff.objects.exists()


def test_refuses_without_words(photo, senior):
    open_desk(photo, senior)
    with pytest.raises(SayWhy):
        sign(photo, senior, "  ")


def test_a_photo_of_an_arm_takes_no_sign_off(senior):
    record = make_record("MODEL", "9990000026")
    photo = ready(record.photos()[0], record.by)
    open_desk(photo, senior)
    with pytest.raises(NotOwed):
        sign(photo, senior)
    assert approve(record.by, photo, copies=[of_a_child(photo)])[photo.pk].copy.restricted is False


def test_an_adults_takes_none(record, photo):
    assert approve(record.by, photo)[photo.pk].copy.restricted is False


def test_a_photo_filed_under_another_site_of_an_intimate_visit_counts_as_intimate(photo):
    type(photo).objects.update(site="thigh", laterality="left")
    photo.refresh_from_db()
    assert rules.intimate(photo)
    assert rules.restricted(photo, young=True)
    assert not rules.restricted(photo, young=False)


def test_nobody_knows_that_somebody_without_a_birth_date_is_of_age():
    from safelight.photographs import visits

    assert visits.under_age(None, today=date(2026, 11, 24))
