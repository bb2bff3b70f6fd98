"""What a card shows is looked at after its receipt: nobody stands at the reader for it. What gets no receipt is looked at all the same."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from tests.factories.frames import NOW, digest_of, photo, read_a_card
from tests.factories.sessions import Session, plain, where
from tests.servers.site import make_keys

from safelight.custody import arriving
from safelight.custody.actions.receive_frame import receive_frame
from safelight.custody.models import Frame, Import
from safelight.intake import queries, tasks
from safelight.kernel.actor import WORKER
from safelight.kernel.digest import Digest
from safelight.vault.adapters.local import LocalStore
from safelight.vault.errors import StoreAway

pytestmark = pytest.mark.django_db
ONE, TWO = photo(1), photo(2)


@pytest.fixture(autouse=True, scope="module")
def _keys():
    make_keys()


def promised() -> list[str]:
    """Names of the flows that wait, in order."""
    table = "workflow_status" if connection.vendor == "sqlite" else "dbos.workflow_status"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM {table} WHERE status = 'ENQUEUED' ORDER BY name")
        return [name for (name,) in cursor.fetchall()]


def bring(reading, *data: bytes) -> None:
    """The door takes photos: kept, read back, and taken into the record."""
    for one in data:
        came = arriving.take(reading.frame(one), [one], length=len(one), limit=1 << 20)
        said = {"import_id": reading.import_id, "digest": Digest(digest_of(one)), "kept": came.kept, "read_back": came.read_back}
        receive_frame(by=reading.by, now=NOW, **said)


def test_a_photo_that_the_door_has_read_back_is_verified_and_owes_nothing_before_the_receipt():
    reading = read_a_card(ONE, TWO)
    bring(reading, ONE, TWO)
    assert [frame.state for frame in Frame.objects.all()] == ["verified", "verified"]
    assert promised() == []
    assert reading.permit().digests
    assert promised() == ["sort_card"]
    reading.permit(now=NOW + timedelta(minutes=1))
    assert promised() == ["sort_card"]


def test_a_photo_that_the_door_could_not_read_back_is_owed_to_the_worker(monkeypatch):
    def away(*_: object, **__: object) -> None:
        raise StoreAway("for the test")

    reading = read_a_card(ONE, TWO)
    with monkeypatch.context() as patch:
        patch.setattr(LocalStore, "open", away)
        with pytest.raises(StoreAway):
            bring(reading, ONE)
        assert promised() == []
        bring(reading, ONE)  # the door knows now, and has hashed it as it came
    assert reading.frame(ONE).state == "received"
    assert promised() == ["check_frame"]
    bring(reading, TWO)
    assert reading.frame(TWO).state == "verified"


def test_a_copy_that_is_damaged_when_the_door_reads_it_back_never_gets_into_a_receipt(monkeypatch):
    kept_as = LocalStore.keep

    def flip(store: LocalStore, name: UUID, body: object) -> int:
        size = kept_as(store, name, body)
        place = store.folder / name.hex[:2] / name.hex
        raw = bytearray(place.read_bytes())
        raw[-1] ^= 1
        place.write_bytes(raw)
        return size

    reading = read_a_card(ONE, TWO)
    with monkeypatch.context() as patch:
        patch.setattr(LocalStore, "keep", flip)
        bring(reading, ONE)
    bring(reading, TWO)
    assert reading.frame(ONE).state == "damaged"
    assert reading.permit().digests == (digest_of(TWO),)


def test_photos_of_a_card_that_gets_no_receipt_are_promised_by_the_clock_once():
    reading = read_a_card(ONE)
    bring(reading, ONE)
    Import.objects.update(announced_at=NOW)
    assert queries.forgotten(WORKER, now=NOW + timedelta(seconds=30)) == []
    late = NOW + timedelta(minutes=2)
    assert [frame for frame, _ in queries.forgotten(WORKER, now=late)] == [reading.frame(ONE).pk]
    Import.objects.update(permitted_at=late)
    assert queries.forgotten(WORKER, now=late + timedelta(minutes=1)) == []
    assert len(queries.forgotten(WORKER, now=late + timedelta(minutes=11))) == 1


def test_a_card_is_read_in_shooting_order_and_twice_is_once():
    read_in = Session().photos(2).put_in()
    frames = queries.unread(WORKER, read_in.pk)
    assert frames == list(read_in.places.order_by("position").values_list("frame", flat=True))
    for frame in frames:
        tasks._scan(frame)  # the threads of the step cannot see the transaction of a test
    assert queries.unread(WORKER, read_in.pk) == []
    plain(tasks.scan_its_frames)(str(read_in.pk))
    plain(tasks.sort_its_imports)(str(read_in.pk))
    assert where(read_in) == "no_slate no_slate"
