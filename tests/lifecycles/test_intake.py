"""A card's photos on their way into the records, by a real worker on the database of the test, which dies where it hurts."""

from datetime import timedelta

import pytest
from tests.factories.patients import make_patient
from tests.factories.sessions import Session, leave, where
from tests.servers import worker
from tests.servers.worker import wait_until

from safelight.audit.models import Entry
from safelight.intake.models import CardSorted, Sorting
from safelight.kernel import clock
from safelight.photographs.models import Photograph
from safelight.vault.models import StoredObject

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.goal("R2")]
FILED = "[SAMPLE] SAMPLE SAMPLE SAMPLE [MODEL] MODEL MODEL"


@pytest.fixture
def read_in():
    sample, model = make_patient(), make_patient("MODEL", "Cara", "9990000026", "0000026")
    ward = Session()
    ward.slate(sample)
    ward.photos(3)
    ward.slate(model)
    ward.photos(2)
    return ward.put_in(checked=False)


def done(read_in) -> bool:
    return CardSorted.objects.filter(read_in=read_in).exists()


def assert_each_photo_once(read_in) -> None:
    assert where(read_in) == FILED
    assert Photograph.objects.count() == 5
    assert Sorting.objects.count() == 7
    assert StoredObject.objects.count() == 3 * 7  # the bytes, preview and thumb of each frame
    assert Entry.objects.filter(action="intake.file_frame", outcome="done").count() == 5


@pytest.mark.requirement("C1")
def test_a_worker_files_a_card_by_its_slates(read_in):
    with worker.running():
        wait_until(lambda: done(read_in), 60)
    assert_each_photo_once(read_in)


@pytest.mark.slow
@pytest.mark.parametrize("scanned", [1, 4, 7])
def test_kill_9_of_the_worker_loses_nothing_and_files_nothing_twice(read_in, scanned):
    with worker.running() as first:
        wait_until(lambda: Sorting.objects.count() >= scanned, 60)
        first.kill()
    with worker.running():
        wait_until(lambda: done(read_in), 60)
    assert_each_photo_once(read_in)


def test_two_workers_at_once_file_nothing_twice(read_in):
    with worker.running(name="one"), worker.running(name="two"):
        wait_until(lambda: done(read_in), 60)
    assert_each_photo_once(read_in)


def test_a_frame_that_stays_on_the_card_holds_up_no_other():
    ward = Session(now=clock.now() - timedelta(minutes=5))
    ward.slate(make_patient())
    ward.photos()
    bad = ward.photo()
    made = ward.put_in(only=2, checked=False)
    with worker.running():
        wait_until(lambda: Sorting.objects.count() == 2, 60)
        assert where(made) == "... ... ..."
        leave(made, bad, at=ward.now)
        wait_until(lambda: where(made) == "[SAMPLE] SAMPLE ...", 60)
