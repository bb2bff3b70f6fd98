"""The computer's look at a photo by a real worker on the database of the test, which dies where it hurts."""

from uuid import uuid4

import pytest
from tests.factories.deidentify import open_desk, see_desk
from tests.factories.photographs import make_record
from tests.servers import worker
from tests.servers.worker import wait_until

from safelight.audit.models import Entry
from safelight.deidentify import rules
from safelight.deidentify.models import Finding, Look
from safelight.kernel import clock
from safelight.photographs import moving
from safelight.photographs.actions.correct_patient import correct_patient
from safelight.photographs.reasons import MoveReason
from safelight.vault.models import StoredObject

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.goal("R2")]
QUEUES = "find=1,find_now=1"
EVERY = ["faces", "text", "barcodes", "text-close", "metadata"]
QUICK = ["barcodes", "metadata"]


@pytest.fixture
def record():
    return make_record()


def looked(count: int = 1) -> bool:
    return Look.objects.filter(done=True).count() >= count


def assert_each_stage_once(stages: list[str]) -> None:
    assert sorted(Look.objects.values_list("stage", flat=True)) == sorted(stages)
    assert not Look.objects.filter(failed=True).exists()
    numbers = list(Finding.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    noted = Entry.objects.filter(action="deidentify.note_findings", outcome="done").count()
    assert noted == len(stages)


@pytest.mark.requirement("F1")
def test_a_filed_photo_is_looked_at_before_anybody_opens_it(record):
    [photo] = record.photos()
    with worker.running(queues=QUEUES):
        wait_until(looked, 60)
    assert_each_stage_once(QUICK)
    open_desk(photo, record.by)
    desk = see_desk(photo, record.by)
    assert desk.finder is rules.FinderState.DONE
    assert any("Serial" in each.read for each in desk.findings)  # what the camera wrote is shown, and covered


@pytest.mark.one_database
@pytest.mark.slow
def test_kill_9_between_two_stages_loses_none_and_notes_none_twice(record):
    record.photos()
    with worker.running(queues=QUEUES, SAFELIGHT_TEST_FINDERS="all") as first:
        wait_until(lambda: Look.objects.count() >= 2, 90)
        first.kill()
    with worker.running(queues=QUEUES, SAFELIGHT_TEST_FINDERS="all"):
        wait_until(looked, 90)
    assert_each_stage_once(EVERY)


@pytest.mark.slow
def test_a_moved_photo_and_one_that_nobody_looked_at_are_looked_at_again(record):
    [photo] = record.photos()
    other = make_record("OTHER", "9990000026")
    with worker.running(queues=QUEUES):
        wait_until(looked, 90)
        prepared = moving.prepare(other.by, photograph=photo.pk, visit=other.visit.pk, why=MoveReason.OTHER_SLATE, tombstones=(uuid4(),))
        correct_patient(by=other.by, photograph_id=photo.pk, moving=prepared, now=clock.now())
        wait_until(lambda: looked(2), 90)
    assert set(Look.objects.values_list("patient", flat=True)) == {record.patient.pk, other.patient.pk}


@pytest.mark.slow
def test_a_photo_from_before_there_were_finders_is_looked_at_when_somebody_opens_it(record):
    [photo] = record.photos()
    with worker.running(queues="find=1"):
        wait_until(looked, 90)
    StoredObject.objects.filter(pk=photo.preview_id).update(digest="0" * 64)
    type(photo).objects.filter(pk=photo.pk).update(record_copy=photo.preview)  # as it is now, nobody has looked at it
    open_desk(photo, record.by)
    with worker.running(queues="find_now=1"):
        wait_until(lambda: looked(2), 90)
