"""A photo's bytes on their way in, changed on the wire, in the store, or not readable just then: what is said of them, and what is kept."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.conf import settings
from tests.factories.frames import NOW, Reading, digest_of, photo, read_a_card
from tests.servers.site import make_keys

from safelight.audit.models import Entry
from safelight.custody import arriving
from safelight.custody.actions.receive_frame import receive_frame
from safelight.custody.arriving import Arrived
from safelight.custody.errors import OtherBytes
from safelight.custody.models import Frame
from safelight.custody.rules import ReadBack
from safelight.kernel.digest import Digest
from safelight.vault import chosen, objects
from safelight.vault.adapters.local import LocalReader, LocalStore
from safelight.vault.errors import StoreAway
from safelight.vault.kept import TRAY
from safelight.vault.models import Rendition, StoredObject

pytestmark = pytest.mark.django_db
ONE, TWO = photo(1), photo(2)


@pytest.fixture(autouse=True, scope="module")
def _keys():
    make_keys()


@pytest.fixture(autouse=True)
def _store_answers() -> Iterator[None]:
    arriving._unanswered.clear()
    yield
    arriving._unanswered.clear()


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Of each photo that was kept, whether it was hashed as it came."""
    made, keep = [], objects.keep

    def watched(*given: object, **how: object):
        kept = keep(*given, **how)
        made.append(kept.hashed)
        return kept

    monkeypatch.setattr(objects, "keep", watched)
    return made


def take(reading: Reading, came: bytes, announced: bytes = ONE) -> Arrived:
    return arriving.take(reading.frame(announced), [came], length=len(came), limit=1 << 20)


def receive(reading: Reading, came: Arrived, announced: bytes = ONE) -> Frame:
    said = {"import_id": reading.import_id, "digest": Digest(digest_of(announced)), "kept": came.kept, "read_back": came.read_back}
    return receive_frame(by=reading.by, now=NOW, **said)


def in_the_store() -> set[UUID]:
    return {name for name, _ in chosen.store().names()}


def away(*_: object, **__: object) -> LocalReader:
    raise StoreAway("for the test")


@pytest.mark.requirement("D3")
@pytest.mark.goal("R4")
@pytest.mark.parametrize("at", [0, len(ONE) // 2, -1])
def test_a_bit_that_changed_on_the_way_is_found_by_reading_back_and_the_copy_is_thrown_away(at: int):
    reading, before = read_a_card(ONE), in_the_store()
    changed = bytearray(ONE)
    changed[at] ^= 1
    with pytest.raises(OtherBytes):
        take(reading, bytes(changed))
    assert (in_the_store(), StoredObject.objects.count()) == (before, 0)
    assert reading.frame(ONE).state == "announced"
    assert receive(reading, take(reading, ONE)).state == "verified"


@pytest.mark.requirement("D3")
@pytest.mark.goal("R5")
@pytest.mark.parametrize("at", [0, 20, 60, -1])
def test_a_bit_that_changed_in_the_store_is_damage_and_no_receipt_names_the_photo(monkeypatch: pytest.MonkeyPatch, at: int):
    keep = LocalStore.keep

    def flip(store: LocalStore, name: UUID, body: object) -> int:
        size = keep(store, name, body)
        place = settings.SAFELIGHT_OBJECT_STORE["folder"] / name.hex[:2] / name.hex
        raw = bytearray(place.read_bytes())
        raw[at] ^= 1
        place.write_bytes(raw)
        return size

    reading = read_a_card(ONE, TWO)
    with monkeypatch.context() as patch:
        patch.setattr(LocalStore, "keep", flip)
        came = take(reading, ONE)
    assert (came.kept.hashed, came.read_back) == (False, ReadBack(None))
    assert receive(reading, came).state == "damaged"
    receive(reading, take(reading, TWO, TWO), TWO)
    assert reading.permit().digests == (digest_of(TWO),)


def test_a_photo_is_hashed_once_where_it_is_read_back(hashed: list[bool]):
    reading = read_a_card(ONE)
    assert receive(reading, take(reading, ONE)).state == "verified"
    assert hashed == [False]


@pytest.mark.requirement("D3")
def test_nothing_is_received_on_its_announcement_alone(monkeypatch: pytest.MonkeyPatch, hashed: list[bool]):
    reading, before = read_a_card(ONE, TWO), in_the_store()
    with monkeypatch.context() as patch:
        patch.setattr(LocalStore, "open", away)
        with pytest.raises(StoreAway):
            take(reading, ONE)
        assert (in_the_store(), StoredObject.objects.count()) == (before, 0)
        assert receive(reading, take(reading, ONE)).state == "received"  # hashed as it came: the worker reads it back
        with pytest.raises(OtherBytes):
            take(reading, ONE, TWO)
    assert receive(reading, take(reading, TWO, TWO), TWO).state == "verified"
    assert hashed == [False, True, True, True]
    assert take(read_a_card(photo(3)), photo(3), photo(3)).kept.hashed is False


@pytest.mark.requirement("D3")
@pytest.mark.parametrize("found", [None, ReadBack(Digest(digest_of(TWO)))])
def test_the_record_takes_no_copy_that_was_neither_hashed_nor_read_back_as_announced(found: ReadBack | None):
    reading = read_a_card(ONE)
    kept = objects.keep([ONE], rendition=Rendition.RECORD, holder=TRAY, limit=1 << 20, announced=Digest(digest_of(ONE)))
    with pytest.raises(OtherBytes):
        receive(reading, Arrived(kept, found))
    assert StoredObject.objects.count() == 0
    assert reading.frame(ONE).state == "announced"
    assert Entry.objects.latest("seq").outcome == "refused"


def test_what_ends_before_its_length_is_not_read_back_at_all(monkeypatch: pytest.MonkeyPatch):
    reading, before = read_a_card(ONE), in_the_store()
    monkeypatch.setattr(LocalStore, "open", away)
    with pytest.raises(OtherBytes):
        arriving.take(reading.frame(ONE), [ONE[:-1]], length=len(ONE), limit=1 << 20)
    assert in_the_store() == before
