"""A record copy that broke while the photo was still on its card gives way to the one that comes from the card anew (D3)."""

import inspect
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from tests.factories.photographs import announce, make_record, receive

from safelight.audit.models import Entry
from safelight.custody.actions.read_back_frame import read_back_frame
from safelight.kernel import clock
from safelight.kernel.actor import WORKER
from safelight.photographs import moving, tasks
from safelight.photographs.actions.correct_patient import correct_patient
from safelight.photographs.actions.take_new_copy import take_new_copy
from safelight.photographs.errors import ChangedMeanwhile, NotSafeYet
from safelight.photographs.reasons import MoveReason
from safelight.vault import objects
from safelight.vault.kept import TRAY

pytestmark = pytest.mark.django_db
# As a step it drops the connection, and with it the transaction of a test.
RENEW = inspect.unwrap(tasks.renew)


@pytest.fixture
def record():
    return make_record()


@pytest.fixture
def filed(record):
    """A photo whose copy broke after it was filed, and whose card was read again."""
    photograph = record.photos(1)[0]
    data = b"".join(objects.open_object(photograph.record_copy))
    read_back_frame(by=WORKER, frame_id=photograph.frame_id, object_id=photograph.record_copy_id, found=None, now=clock.now())
    read_in, by = announce(data)
    receive(data, read_in, by)
    photograph.frame.refresh_from_db()
    return photograph


def _read_back(photograph):
    frame = photograph.frame
    read_back_frame(by=WORKER, frame_id=frame.pk, object_id=frame.stored_id, found=frame.digest, now=clock.now())


@pytest.mark.requirement("D3")
def test_the_photo_takes_the_new_copy_and_it_becomes_the_patients(record, filed):
    _read_back(filed)
    broken = filed.record_copy_id
    RENEW(str(filed.frame_id))
    filed.refresh_from_db()
    assert filed.record_copy_id == filed.frame.stored_id != broken
    assert filed.record_copy.holder == str(record.patient.pk)
    assert objects.read_back(filed.record_copy) == filed.frame.digest
    assert Entry.objects.filter(action="photographs.take_new_copy").exists()


def _promised() -> list[str]:
    table = "workflow_status" if connection.vendor == "sqlite" else "dbos.workflow_status"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT workflow_uuid FROM {table} WHERE workflow_uuid LIKE 'renew:%%'")
        return [key for (key,) in cursor.fetchall()]


def test_the_work_is_promised_with_the_reading_back_and_for_broken_copies_only(filed, record):
    _read_back(filed)
    _read_back(record.photos(1)[0])
    assert _promised() == [f"renew:{filed.frame.stored_id}"]


def test_a_new_copy_that_is_broken_too_promises_nothing(filed):
    read_back_frame(by=WORKER, frame_id=filed.frame_id, object_id=filed.frame.stored_id, found=None, now=clock.now())
    assert _promised() == []


def test_a_second_run_changes_nothing(filed):
    _read_back(filed)
    RENEW(str(filed.frame_id))
    RENEW(str(filed.frame_id))
    assert Entry.objects.filter(action="photographs.take_new_copy").count() == 1


def test_waits_until_the_new_copy_was_read_back(filed, record):
    rewrapped = objects.rewrap(filed.frame.stored, holder=str(record.patient.pk))
    with pytest.raises(NotSafeYet):
        take_new_copy(by=WORKER, photograph_id=filed.pk, rewrapped=rewrapped, now=clock.now())


def test_a_photo_that_was_moved_meanwhile_is_prepared_again(filed, record):
    _read_back(filed)
    right = make_record("RIGHT", "9990000026")
    rewrapped = objects.rewrap(filed.frame.stored, holder=str(record.patient.pk))
    prepared = moving.prepare(right.by, photograph=filed.pk, visit=right.visit.pk, why=MoveReason.OTHER_SLATE, tombstones=(uuid4(),))
    correct_patient(by=right.by, photograph_id=filed.pk, moving=prepared, now=clock.now())
    with pytest.raises(ChangedMeanwhile):
        take_new_copy(by=WORKER, photograph_id=filed.pk, rewrapped=rewrapped, now=clock.now() + timedelta(seconds=1))
    filed.frame.stored.refresh_from_db()
    assert filed.frame.stored.holder == TRAY
    RENEW(str(filed.frame_id))
    filed.refresh_from_db()
    assert filed.record_copy.holder == str(right.patient.pk)
