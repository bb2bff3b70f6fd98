"""A machine whose store or keys are not those of the database is told so before it serves; one that was moved or restored serves."""

import json
import shutil
import subprocess
import sys
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.servers.site import make_keys
from tests.servers.worker import environment
from tests.shared import PROJECT

from safelight.audit.models import Entry
from safelight.kernel import clock
from safelight.kernel.actor import OPERATOR
from safelight.vault import belonging, chosen, objects, upkeep
from safelight.vault.actions.remember_belongings import remember_belongings
from safelight.vault.adapters.file_keys import FileKeys
from safelight.vault.adapters.local import LocalStore
from safelight.vault.errors import (
    KeysNotHere,
    KeysOfAnother,
    ObjectsMissing,
    SigningKeyOfAnother,
    StoreInUse,
    StoreNotShared,
    StoreOfAnother,
    StoreOlder,
)
from safelight.vault.models import Belonging, Rendition, StoredObject

pytestmark = [pytest.mark.django_db, pytest.mark.goal("R3")]
SIGNERS = {"ledger key": "one", "receipt key": "two"}


@pytest.fixture
def machine(settings, tmp_path):
    """Sets up a machine of a name: a folder and a file of keys of its own, or one that another has."""

    def set_up(*, store: str = "first", keys: str = "first") -> None:
        settings.SAFELIGHT_OBJECT_STORE = {
            "adapter": "safelight.vault.adapters.local.LocalStore",
            "folder": str(tmp_path / f"{store}-vault"),
        }
        settings.SAFELIGHT_KEY_SERVICE = {
            "adapter": "safelight.vault.adapters.file_keys.FileKeys",
            "file": str(tmp_path / f"{keys}.json"),
        }
        FileKeys.make(tmp_path / f"{keys}.json")

    set_up()
    return set_up


def _start(signers=SIGNERS, *, name="one", now=None) -> None:
    belonging.recognise(by=OPERATOR, signers=signers, machine=name, new_identity=uuid4(), new_mark=uuid4(), now=now or clock.now())


def _photo() -> StoredObject:
    kept = objects.keep([b"a photo"], rendition=Rendition.RECORD, holder="tray", limit=99)
    stored = StoredObject.from_kept(kept, at=clock.now())
    stored.save()
    return stored


def test_the_first_start_remembers_and_the_next_changes_nothing(machine):
    _start()
    first = dict(Belonging.objects.values_list("name", "proof"))
    assert {"store", "index key", "ledger key", "receipt key"} < set(first)
    entries = Entry.objects.count()
    _start()
    assert (dict(Belonging.objects.values_list("name", "proof")), Entry.objects.count()) == (first, entries)


@pytest.mark.parametrize("photos", [0, 2])
def test_a_machine_with_a_folder_of_its_own_is_refused(machine, photos):
    _start()
    for _ in range(photos):
        _photo()
    machine(store="second")
    with pytest.raises(StoreOfAnother):
        _start()
    assert list(chosen.store().names()) == []  # it left nothing there
    machine()
    _start()


def test_a_folder_of_its_own_is_refused_also_where_it_has_an_identity(machine):
    machine(store="second")
    _start()
    Belonging.objects.all().delete()
    machine()
    _start()
    machine(store="second")
    with pytest.raises(StoreOfAnother):
        _start()


def test_a_machine_with_root_keys_of_its_own_is_refused(machine):
    _start()
    machine(keys="second")
    with pytest.raises(KeysOfAnother):
        _start()


def test_a_machine_without_the_newest_root_key_is_refused_and_one_that_got_it_starts(machine, tmp_path):
    _start()
    shutil.copy(tmp_path / "first.json", tmp_path / "second.json")
    chosen.keys().rotate()
    belonging.recognise_keys(by=OPERATOR, now=clock.now())
    machine(keys="second")
    with pytest.raises(KeysOfAnother):
        _start()
    shutil.copy(tmp_path / "first.json", tmp_path / "third.json")
    machine(keys="third")
    _start()


@pytest.mark.parametrize("part", ["keys", "index"])
def test_another_key_under_the_same_name_is_refused(machine, tmp_path, part):
    _start()
    said, other = (json.loads((tmp_path / f"{name}.json").read_text()) for name in ("first", _other(tmp_path)))
    said[part] = dict.fromkeys(said["keys"], next(iter(other["keys"].values()))) if part == "keys" else other["index"]
    (tmp_path / "mixed.json").write_text(json.dumps(said))
    (tmp_path / "mixed.json").chmod(0o400)
    machine(keys="mixed")
    with pytest.raises(KeysOfAnother):
        _start()


def _other(tmp_path) -> str:
    FileKeys.make(tmp_path / "other.json")
    return "other"


def test_a_machine_without_a_file_of_keys_is_told_to_carry_it(machine, settings, tmp_path):
    _start()
    settings.SAFELIGHT_KEY_SERVICE = {**settings.SAFELIGHT_KEY_SERVICE, "file": str(tmp_path / "nowhere.json")}
    with pytest.raises(KeysNotHere):
        _start()


@pytest.mark.parametrize("name", list(SIGNERS))
def test_a_machine_that_signs_by_another_key_is_refused(machine, name):
    _start()
    with pytest.raises(SigningKeyOfAnother):
        _start(SIGNERS | {name: "another"})


def test_a_machine_that_is_a_copy_of_another_is_found_once_both_have_served(machine, tmp_path):
    _start()
    shutil.copytree(tmp_path / "first-vault", tmp_path / "copied-vault")
    machine(store="copied")
    _start(name="two")
    machine()
    with pytest.raises(StoreNotShared):
        _start()
    with pytest.raises(StoreNotShared):
        belonging.compare(SIGNERS, now=clock.now())


def test_machines_that_share_a_store_know_each_other_and_those_long_gone_are_forgotten(machine):
    long_ago = clock.now() - timedelta(days=36)
    _start(name="gone", now=long_ago)
    (gone,) = belonging.own_names() - {belonging.IDENTITY}
    chosen.store().purge(gone)
    _start(name="two")
    _start()
    _start(name="two")
    assert len(belonging.own_names() - {belonging.IDENTITY, gone}) == 2


@pytest.mark.goal("R9")
def test_signing_keys_that_were_lost_are_replaced_by_an_operators_word(machine):
    _start()
    belonging.accept(by=OPERATOR, signers=SIGNERS | {"receipt key": "another"}, now=clock.now())
    _start(SIGNERS | {"receipt key": "another"})
    with pytest.raises(SigningKeyOfAnother):
        _start()
    assert b"SigningKeysAccepted" in b"".join(bytes(entry.body) for entry in Entry.objects.all())


@pytest.mark.goal("R9")
def test_a_folder_that_was_moved_or_restored_is_known_again(machine, tmp_path):
    _start()
    stored = _photo()
    shutil.copytree(tmp_path / "first-vault", tmp_path / "moved-vault")
    shutil.rmtree(tmp_path / "first-vault")
    machine(store="moved")
    _start()
    assert objects.read_back(stored) == stored.digest


@pytest.mark.goal("R9")
def test_an_installation_from_before_this_rule_is_known_by_its_newest_objects(machine):
    _photo()
    _start()
    Belonging.objects.all().delete()  # as in a backup of the database from before
    _start()


def test_a_folder_that_holds_none_of_the_newest_objects_does_not_vouch(machine):
    _photo()
    machine(store="second")
    with pytest.raises(StoreOfAnother):
        _start()


def test_keys_that_open_none_of_the_newest_objects_do_not_vouch(machine):
    _photo()
    machine(keys="second")
    with pytest.raises(KeysOfAnother):
        _start()


@pytest.mark.goal("R9")
def test_an_empty_database_does_not_take_the_store_of_another(machine):
    _start()
    _photo()
    Belonging.objects.all().delete()
    StoredObject.objects.all().delete()
    with pytest.raises(StoreInUse):
        _start()


def test_a_first_start_that_was_cut_short_goes_on(machine):
    chosen.store().keep(belonging.IDENTITY, [uuid4().bytes])
    _start()
    assert Belonging.objects.filter(pk="store").exists()


def test_of_two_first_starts_at_once_the_later_is_refused(machine, monkeypatch):
    def first_the_other(**said):
        monkeypatch.undo()
        machine(store="second")
        _start()
        machine()
        remember_belongings(**said)

    monkeypatch.setattr(belonging, "remember_belongings", first_the_other)
    with pytest.raises(StoreOfAnother):
        _start()


def test_a_key_that_was_retired_is_asked_for_no_more(machine):
    _start()
    old = chosen.keys().roots()[0]
    chosen.keys().rotate()
    _start()
    Belonging.objects.filter(pk=f"root key {old}").delete()
    chosen.keys().retire(old)
    _start()


def test_identity_and_marks_are_no_orphans(machine):
    _start()
    assert upkeep.sweep_orphans(now=clock.now().replace(year=clock.now().year + 1)) == 0
    _start()


def test_objects_that_were_carried_to_another_store_are_adopted_once_all_are_there(machine, tmp_path):
    _start()
    one, two = _photo(), _photo()
    carried = LocalStore(folder=tmp_path / "second-vault")
    carried.keep(one.pk, [b"".join([chosen.store().open(one.pk).read_at(0, one.sealed_size)])])
    machine(store="second")
    with pytest.raises(ObjectsMissing) as fault:
        belonging.adopt(by=OPERATOR, missing=0, new_identity=uuid4(), now=clock.now())
    assert fault.value.args == (1,)
    with pytest.raises(StoreOfAnother):
        _start()
    assert belonging.adopt(by=OPERATOR, missing=1, new_identity=uuid4(), now=clock.now()) == 1
    _start()
    assert objects.read_back(one) == one.digest
    assert two.pk


@pytest.mark.goal("R9")
def test_a_store_that_was_put_back_to_an_older_time_is_refused_until_it_is_as_new_as_the_database(machine, tmp_path):
    _start()
    _photo()
    shutil.copytree(tmp_path / "first-vault", tmp_path / "older-vault")
    later = [_photo() for _ in range(4)]
    _start()
    machine(store="older")
    with pytest.raises(StoreOlder):
        _start()
    with pytest.raises(ObjectsMissing):
        belonging.adopt(by=OPERATOR, missing=3, new_identity=uuid4(), now=clock.now())
    chosen.store().keep(later[2].pk, [b"brought along"])
    _start()
    chosen.store().purge(later[2].pk)
    belonging.adopt(by=OPERATOR, missing=4, new_identity=uuid4(), now=clock.now())
    _start()  # an operator knows of these
    _photo()
    _start()


def test_a_single_photo_that_is_missing_keeps_nobody_from_starting(machine):
    _start()
    _photo()
    chosen.store().purge(_photo().pk)
    _start()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("command", [["web", "--listen", "127.0.0.1:1"], ["worker"], ["check"]])
def test_the_commands_say_what_is_wrong_and_what_to_do(command):
    remember_belongings(by=OPERATOR, proofs={"store": uuid4().bytes}, forget_before=clock.now(), now=clock.now())
    make_keys()
    done = subprocess.run(
        [sys.executable, "-m", "safelight.config.command", *command],
        env=environment(),
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=90,
    )
    assert done.returncode == 1
    assert "keeps its photos in another store" in done.stderr
    assert "safelight vault adopt" in done.stderr
