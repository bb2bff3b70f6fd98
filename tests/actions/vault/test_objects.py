import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings

from safelight.config import command
from safelight.kernel.digest import Digest
from safelight.vault import chosen, fields, objects, upkeep
from safelight.vault.errors import ObjectDamaged, ObjectMissing, Shredded, TooLarge, WrongKey
from safelight.vault.kept import TRAY
from safelight.vault.models import Rendition, StoredObject

NOW = datetime(2026, 11, 24, 9, 41, tzinfo=UTC)
PHOTO = b"the bytes of a photo " * 100_000
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True, scope="module")
def _keys():
    upkeep.make_keys()


def _kept(data: bytes = PHOTO, holder: str = TRAY) -> StoredObject:
    pieces = [data[at : at + 70_001] for at in range(0, len(data), 70_001)]
    stored = StoredObject.from_kept(objects.keep(pieces, rendition=Rendition.RECORD, holder=holder, limit=2**26), at=NOW)
    stored.save(force_insert=True)
    return stored


def _file(stored: StoredObject) -> Path:
    return Path(settings.SAFELIGHT_OBJECT_STORE["folder"]) / stored.pk.hex[:2] / stored.pk.hex


@pytest.mark.requirement("D6")
def test_gives_back_the_bytes_it_was_given():
    stored = _kept()
    assert b"".join(objects.open_object(stored)) == PHOTO
    assert objects.read_back(stored) == stored.digest == Digest.of(PHOTO)
    assert b"".join(objects.read_range(stored, start=1_048_000, stop=1_049_000)) == PHOTO[1_048_000:1_049_000]


@pytest.mark.goal("S8")
def test_no_byte_of_a_photo_lies_in_the_store_in_the_clear():
    stored = _kept()
    raw = _file(stored).read_bytes()
    assert b"bytes of a photo" not in raw
    assert _file(stored).stat().st_mode & 0o777 == 0o600


@pytest.mark.goal("R3")
@pytest.mark.parametrize("where", [0, 1, 20, 39, 40, 1_000_000, 1_048_577, -1])
def test_one_changed_bit_in_the_store_is_damage(where):
    stored = _kept()
    raw = bytearray(_file(stored).read_bytes())
    raw[where] ^= 1
    _file(stored).write_bytes(raw)
    with pytest.raises(ObjectDamaged):
        objects.read_back(stored)


@pytest.mark.goal("R3")
def test_a_shortened_and_a_missing_object_are_damage():
    stored = _kept()
    os.truncate(_file(stored), 1_000_000)
    with pytest.raises(ObjectDamaged):
        objects.read_back(stored)
    _file(stored).unlink()
    with pytest.raises(ObjectMissing):
        objects.read_back(stored)


@pytest.mark.goal("R3")
def test_two_objects_that_changed_places_are_damage():
    one, two = _kept(b"one" * 1000), _kept(b"two" * 1000)
    first, second = _file(one).read_bytes(), _file(two).read_bytes()
    _file(one).write_bytes(second)
    _file(two).write_bytes(first)
    for stored in (one, two):
        with pytest.raises(ObjectDamaged):
            objects.read_back(stored)


@pytest.mark.requirement("E5")
def test_a_key_that_a_database_writer_moved_to_another_patient_does_not_open():
    stored = _kept(holder="11111111-1111-1111-1111-111111111111")
    StoredObject.objects.filter(pk=stored.pk).update(holder="22222222-2222-2222-2222-222222222222")
    with pytest.raises(WrongKey):
        objects.read_back(StoredObject.objects.get())


@pytest.mark.requirement("E5")
def test_a_rewrapped_object_opens_for_its_new_holder_and_only_once():
    stored = _kept()
    one, two = objects.rewrap(stored, holder="p1"), objects.rewrap(stored, holder="p2")
    assert StoredObject.apply(one)
    assert not StoredObject.apply(two)
    stored.refresh_from_db()
    assert (stored.holder, b"".join(objects.open_object(stored))) == ("p1", PHOTO)


def test_refuses_more_bytes_than_it_may_take_and_keeps_nothing():
    before = len(list(chosen.store().names()))
    with pytest.raises(TooLarge):
        objects.keep([b"x" * 10, b"y" * 10], rendition=Rendition.RECORD, holder=TRAY, limit=19)
    assert len(list(chosen.store().names())) == before


def test_keeps_nothing_when_the_stream_breaks():
    def broken():
        yield PHOTO
        raise ConnectionError

    before = len(list(chosen.store().names()))
    with pytest.raises(ConnectionError):
        objects.keep(broken(), rendition=Rendition.RECORD, holder=TRAY, limit=2**26)
    assert len(list(chosen.store().names())) == before


@pytest.mark.goal("S9")
def test_a_shredded_object_does_not_open():
    stored = _kept()
    assert objects.shred([stored.pk], at=NOW) == 1
    stored.refresh_from_db()
    with pytest.raises(Shredded):
        objects.read_back(stored)


@pytest.mark.goal("R1")
def test_sweeps_objects_without_a_row_after_a_day_and_no_other():
    stored = _kept()
    orphan = objects.keep([b"orphan"], rendition=Rendition.RECORD, holder=TRAY, limit=99)
    assert upkeep.sweep_orphans(now=datetime.now(UTC) + timedelta(hours=23)) == 0
    assert upkeep.sweep_orphans(now=datetime.now(UTC) + timedelta(hours=25)) >= 1
    assert orphan.name not in {name for name, _ in chosen.store().names()}
    assert objects.read_back(stored) == stored.digest


def test_names_the_objects_that_do_not_read_back():
    good, bad = _kept(b"good"), _kept(b"bad")
    _file(bad).write_bytes(b"x" * bad.sealed_size)
    found = list(upkeep.read_all_back())
    assert [(one.object_id, one.code) for one in found if one] == [(bad.pk, "vault.object_damaged")]
    assert found.count(None) == 1
    assert good.pk != bad.pk


def test_an_operator_is_told_what_does_not_read_back(monkeypatch, capsys):
    monkeypatch.setattr(command, "_set_up", lambda: None)
    bad = _kept(b"bad")
    assert command.main(["vault", "read-back"]) == 0
    _file(bad).write_bytes(b"x" * bad.sealed_size)
    capsys.readouterr()
    assert command.main(["vault", "read-back"]) == 1
    assert json.loads(capsys.readouterr().out) == {"objects": 1, "damaged": [{"object": str(bad.pk), "code": "vault.object_damaged"}]}


def test_what_is_disposed_of_while_all_is_read_back_is_not_called_missing():
    last = max(_kept(b"one"), _kept(b"other"), key=lambda stored: stored.pk)
    read = upkeep.read_all_back()
    assert next(read) is None
    objects.shred([last.pk], at=NOW)
    chosen.store().purge(last.pk)
    assert list(read) == []


@pytest.mark.goal("S8")
def test_a_sealed_field_opens_in_its_own_row_only():
    sealed = fields.seal_field(b"SAMPLE, Test", context="patient|1")
    assert b"SAMPLE" not in sealed
    assert fields.open_field(sealed, context="patient|1") == b"SAMPLE, Test"
    with pytest.raises(WrongKey):
        fields.open_field(sealed, context="patient|2")
    for at in range(0, len(sealed), 7):
        changed = bytearray(sealed)
        changed[at] ^= 1
        with pytest.raises((ObjectDamaged, WrongKey)):
            fields.open_field(bytes(changed), context="patient|1")


def test_a_blind_index_is_the_same_for_a_number_and_another_for_another_kind():
    assert fields.blind_index("nhs", "9990000018", number=1) == fields.blind_index("nhs", "9990000018", number=1)
    assert fields.blind_index("nhs", "9990000018", number=1) != fields.blind_index("hospital", "9990000018", number=1)
    assert len(fields.blind_index("nhs", "9990000018", number=1)) == 16


def test_old_objects_open_after_the_root_key_was_changed():
    stored = _kept()
    newest = chosen.keys().rotate()
    assert objects.read_back(stored) == stored.digest
    again = objects.rewrap(stored, holder=stored.holder)
    assert again.new.key_id == newest
    assert StoredObject.apply(again)
    stored.refresh_from_db()
    assert objects.read_back(stored) == stored.digest
