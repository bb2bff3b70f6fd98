"""The pages of a move: whose it is, by band or number; what is refused; nothing named in an address."""

import pytest
from django.urls import reverse
from tests.factories.photographs import Record, make_record
from tests.factories.staff import sign_in

from safelight.photographs.models import Photograph

pytestmark = pytest.mark.django_db


@pytest.fixture
def wrong() -> Record:
    return make_record("WRONG", "9990000026")


@pytest.fixture
def right() -> Record:
    return make_record()


@pytest.fixture
def ward(client, wrong):
    return sign_in(client, wrong.person)


@pytest.mark.requirement("E3")
@pytest.mark.parametrize("read", ["9990000018", "999 000 0018", "]C09990000018", "0000018"])
def test_a_band_or_a_number_leads_to_the_patient_and_stands_in_no_address(ward, wrong, right, read):
    photograph = wrong.photos(1)[0]
    answer = ward.post(reverse("photographs:move", args=[photograph.pk]), {"number": read})
    assert answer["Location"] == reverse("photographs:move_to", args=[photograph.pk, right.patient.pk])


@pytest.mark.requirement("E1")
@pytest.mark.parametrize(
    ("typed", "says"),
    [("9990000019", "a digit is wrong"), ("9990000034", "Nobody has this number"), ("", "Scan the wristband, or type the number")],
)
def test_what_leads_to_nobody_says_why(ward, wrong, typed, says):
    photograph = wrong.photos(1)[0]
    page = ward.post(reverse("photographs:move", args=[photograph.pk]), {"number": typed})
    assert says in page.content.decode()


def _choice(right: Record, **changed: str) -> dict[str, str]:
    return {"visit": str(right.visit.pk), "reason": "other_slate", "confirmed": "on"} | changed


@pytest.mark.requirement("E2")
@pytest.mark.parametrize("left_out", ["confirmed", "reason", "visit"])
def test_nothing_moves_until_all_is_said(ward, wrong, right, left_out):
    photograph = wrong.photos(1)[0]
    said = _choice(right)
    del said[left_out]
    assert ward.post(reverse("photographs:move_to", args=[photograph.pk, right.patient.pk]), said).status_code == 200
    assert Photograph.objects.get().patient_id == wrong.patient.pk


@pytest.mark.requirement("E2")
def test_a_visit_of_a_third_patient_cannot_be_slipped_in(ward, wrong, right):
    third = make_record("THIRD", "9990000034")
    photograph = wrong.photos(1)[0]
    address = reverse("photographs:move_to", args=[photograph.pk, right.patient.pk])
    assert ward.post(address, _choice(right, visit=str(third.visit.pk))).status_code == 200
    assert Photograph.objects.get().patient_id == wrong.patient.pk


def test_a_move_ends_on_the_right_patients_page(ward, wrong, right):
    photograph = wrong.photos(1)[0]
    answer = ward.post(reverse("photographs:move_to", args=[photograph.pk, right.patient.pk]), _choice(right))
    assert answer["Location"] == reverse("photographs:patient", args=[right.patient.pk])
    assert "It was not this patient" in ward.get(reverse("photographs:patient", args=[wrong.patient.pk])).content.decode()


def test_a_patient_without_a_visit_is_asked_first(ward, wrong, right):
    photograph = wrong.photos(1)[0]
    type(right.visit).objects.filter(pk=right.visit.pk).delete()
    page = ward.get(reverse("photographs:move_to", args=[photograph.pk, right.patient.pk])).content.decode()
    assert "has no visit from the time of the photo on" in page
    assert "Move the photo</button>" not in page
