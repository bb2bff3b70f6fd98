"""Somebody who can write to the database leads an approval to another picture: nothing opens, or the database refuses."""

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.deidentify import approve, decide_all, note, open_desk, ready, see_desk, seen
from tests.factories.photographs import make_record
from tests.guards import lifted

from safelight.deidentify import queries
from safelight.deidentify.errors import NoCopyStands
from safelight.deidentify.models import Approval, CoveredCopy, DeskPermit, Finding, Look, Signing
from safelight.kernel.errors import Damage
from safelight.vault import objects
from safelight.vault.errors import WrongKey
from safelight.vault.models import StoredObject

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.goal("S7")]


@pytest.fixture
def record():
    return make_record()


@pytest.fixture
def photo(record):
    return ready(record.photos()[0], record.by)


@pytest.mark.parametrize("other", ["record_copy", "preview"])
def test_a_copy_that_was_led_to_an_uncovered_picture_gives_no_bytes(record, photo, other):
    approval = approve(record.by, photo)[photo.pk]
    uncovered = getattr(photo, other)
    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        CoveredCopy.objects.update(stored=uncovered)
    with lifted(connection):
        CoveredCopy.objects.update(stored=uncovered)
    with pytest.raises(WrongKey):
        queries.copy_bytes(record.by, approval.pk)


def test_a_picture_that_was_named_a_covered_copy_does_not_open(record, photo):
    approval = approve(record.by, photo)[photo.pk]
    with lifted(connection):
        CoveredCopy.objects.update(stored=photo.preview)
        StoredObject.objects.filter(pk=photo.preview_id).update(rendition="covered")
    with pytest.raises(Damage):
        b"".join(objects.open_object(queries.copy_bytes(record.by, approval.pk)))


def test_another_patients_copy_gives_no_bytes(record, photo):
    approval = approve(record.by, photo)[photo.pk]
    other = make_record("OTHER", "9990000026")
    theirs = ready(other.photos()[0], other.by)
    approve(other.by, theirs)
    kept = CoveredCopy.objects.get(photograph=theirs).stored
    with lifted(connection):
        CoveredCopy.objects.filter(photograph=theirs).update(stored=photo.preview)
        CoveredCopy.objects.filter(photograph=photo).update(stored=kept)
    with pytest.raises(WrongKey):
        queries.copy_bytes(record.by, approval.pk)


def test_an_approval_that_was_led_to_a_draft_shows_nothing(record, photo):
    approval = approve(record.by, photo)[photo.pk]
    with lifted(connection):
        CoveredCopy.objects.filter(pk=approval.copy_id).update(digest="0" * 64)
    with pytest.raises(NoCopyStands):
        queries.copy_bytes(record.by, approval.pk)


def test_what_was_read_in_one_photo_does_not_open_in_another(record):
    one, other = record.photos(2)
    note(one, seen("SAMPLE"))
    open_desk(other, record.by)
    decide_all(other, record.by)
    Finding.objects.update(photograph=other)
    with pytest.raises(Damage):
        see_desk(other, record.by)


@pytest.mark.goal("S5")
@pytest.mark.parametrize("model", [CoveredCopy, Finding, Look, DeskPermit, Signing, Approval])
def test_no_row_is_written_outside_an_action(record, photo, model):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no setting that a trigger could ask for")
    note(photo, seen("EXIT"), stage="late")
    decide_all(photo, record.by)
    approve(record.by, photo)
    row = model.objects.first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('safelight.action', '', false)")
        try:
            for change in (
                lambda: model.objects.filter(pk=row.pk).update(id=row.pk),
                lambda: model.objects.filter(pk=row.pk)._raw_delete("default"),
            ):
                with pytest.raises(DatabaseError, match=r"by actions only|append-only|stays as it is"), transaction.atomic():
                    change()
        finally:
            cursor.execute("SELECT set_config('safelight.action', 'a test', false)")
