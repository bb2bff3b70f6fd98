"""What the import page says while the patient is still there: which photos may be worth taking again."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.factories.patients import make_patient
from tests.factories.sessions import Session, sort, wipe
from tests.factories.staff import sign_in

from safelight.intake.models import Sorting
from safelight.photographs.models import Photograph
from safelight.photographs.quality.hints import Hint

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("C5")]


@pytest.fixture
def ward():
    return Session()


@pytest.fixture
def khan(ward):
    return sign_in(Client(), ward.person)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("&#39;", "'")


def three_filed(ward):
    ward.slate(make_patient())
    ward.photos(3)
    read_in = ward.put_in()
    sort(read_in)
    wipe(read_in)
    return read_in


def note(read_in, *hints, of) -> None:
    """Photos of these numbers have these hints, as a scan would have noted them; the slate lies before them."""
    rows = list(Sorting.objects.filter(read_in=read_in).order_by("position"))
    for number in of:
        Sorting.objects.filter(pk=rows[number].pk).update(hints=[hint.value for hint in hints])


def test_names_a_photo_by_its_number_and_what_may_be_wrong(khan, ward):
    read_in = three_filed(ward)
    note(read_in, of=(1, 2))
    note(read_in, Hint.FOCUS, Hint.GLARE, of=(3,))
    said = text(khan.get(reverse("intake:import", args=[read_in.pk])))
    assert "Photo 3 may be out of focus and may have glare on it. Take it again?" in said
    assert "1 photo may be worth taking again" in khan.get(reverse("intake:progress", args=[read_in.pk])).content.decode()
    assert said.count("Take it again?") == 1


def test_says_nothing_of_a_card_whose_photos_are_good(khan, ward):
    read_in = three_filed(ward)
    note(read_in, of=(1, 2, 3))
    assert "still there" not in text(khan.get(reverse("intake:import", args=[read_in.pk])))


def test_misses_a_ruler_only_where_no_photo_of_the_visit_has_one(khan, ward):
    read_in = three_filed(ward)
    note(read_in, Hint.NO_SCALE, of=(1, 2, 3))
    assert "No ruler was seen in photos 1, 2, 3." in text(khan.get(reverse("intake:import", args=[read_in.pk])))
    note(read_in, of=(2,))
    assert "ruler" not in text(khan.get(reverse("intake:import", args=[read_in.pk])))


def test_a_hint_holds_nothing_back(ward):
    read_in = three_filed(ward)
    assert Photograph.objects.count() == Sorting.objects.filter(read_in=read_in, state="filed").count() == 3


def test_what_was_seen_goes_into_the_record_and_onto_the_page_of_the_photo(khan, ward):
    read_in = three_filed(ward)
    photo = Photograph.objects.first()
    assert photo.hints == Sorting.objects.get(frame=photo.frame_id).hints
    Photograph.objects.filter(pk=photo.pk).update(hints=["dark", "of another version"])
    assert "It may be too dark. This can be wrong" in text(khan.get(reverse("photographs:photo", args=[photo.pk])))
    assert read_in.pk
