"""Somebody who can write to the database moves photos, keys and pictures between patients: nothing opens."""

import pytest
from tests.factories.photographs import Record, make_record, open_by_permit, see_photo

from safelight.photographs.models import Photograph
from safelight.photographs.permits import Size
from safelight.vault import objects
from safelight.vault.errors import WrongKey
from safelight.vault.models import StoredObject

pytestmark = pytest.mark.django_db


@pytest.fixture
def record() -> Record:
    return make_record()


@pytest.mark.requirement("E5")
def test_a_photo_that_a_database_writer_moved_to_another_patient_does_not_open(record):
    (photograph,) = record.photos(1)
    other = make_record("OTHER", "9990000026")
    Photograph.objects.filter(pk=photograph.pk).update(patient=other.patient)
    see_photo(other, photograph)
    with pytest.raises(WrongKey):
        open_by_permit(other, photograph, Size.PREVIEW)


@pytest.mark.requirement("E5")
def test_keys_that_a_database_writer_swapped_between_patients_do_not_open(record):
    other = make_record("OTHER", "9990000026")
    (mine,), (theirs,) = record.photos(1), other.photos(1)
    kept = {one.preview_id: (one.preview.wrapped_key, one.preview.key_id) for one in (mine, theirs)}
    for to, of in ((mine, theirs), (theirs, mine)):
        wrapped, key_id = kept[of.preview_id]
        StoredObject.objects.filter(pk=to.preview_id).update(wrapped_key=wrapped, key_id=key_id)
    see_photo(record, mine)
    with pytest.raises(WrongKey):
        objects.read_bytes(open_by_permit(record, mine, Size.PREVIEW), limit=2**20)


@pytest.mark.requirement("E5")
def test_pictures_that_a_database_writer_swapped_between_photos_do_not_open(record):
    other = make_record("OTHER", "9990000026")
    (mine,), (theirs,) = record.photos(1), other.photos(1)
    Photograph.objects.filter(pk=mine.pk).update(preview=None)
    Photograph.objects.filter(pk=theirs.pk).update(preview=None)
    Photograph.objects.filter(pk=mine.pk).update(preview=theirs.preview_id)
    see_photo(record, mine)
    with pytest.raises(WrongKey):
        open_by_permit(record, mine, Size.PREVIEW)
