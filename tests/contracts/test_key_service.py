"""Root keys in a file and in a token keep the contract; their file is looked after, and a service that is away blinds nobody at once."""

import json
import threading
import time

import pkcs11
import pytest
from tests.contracts.key_service import CONTEXT, DATA_KEY, KeyServiceContract

from safelight.vault import chosen
from safelight.vault.adapters.file_keys import FileKeys
from safelight.vault.adapters.pkcs11 import Pkcs11Keys
from safelight.vault.errors import KeysAway, WrongKey
from safelight.vault.ports import Wrapped
from safelight.vault.remembering import SERVES_FOR, RememberingKeys


@pytest.fixture
def file(tmp_path):
    FileKeys.make(tmp_path / "root.json")
    return tmp_path / "root.json"


class TestFileKeys(KeyServiceContract):
    @pytest.fixture
    def keys(self, file):
        return FileKeys(file=file)


@pytest.mark.xdist_group("softhsm")
class TestPkcs11Keys(KeyServiceContract):
    @pytest.fixture
    def keys(self, token):
        Pkcs11Keys.make(**token)
        return Pkcs11Keys(**token)

    @pytest.mark.asvs("13.3.3")
    def test_no_key_comes_out_of_the_token(self, keys, token):
        session = pkcs11.lib(token["module"]).get_token(token_label=token["token"]).open()
        found = list(session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.SECRET_KEY}))
        assert len(found) >= 2
        for key in found:
            assert key[pkcs11.Attribute.SENSITIVE]
            assert not key[pkcs11.Attribute.EXTRACTABLE]
            with pytest.raises(pkcs11.exceptions.AttributeSensitive):
                key[pkcs11.Attribute.VALUE]

    def test_making_keys_again_replaces_nothing(self, keys, token):
        wrapped, fingerprint = keys.wrap(DATA_KEY, CONTEXT), keys.mac(b"x", b"y", number=1)
        Pkcs11Keys.make(**token)
        assert (keys.unwrap(wrapped, CONTEXT), keys.mac(b"x", b"y", number=1)) == (DATA_KEY, fingerprint)

    def test_serves_many_at_once(self, keys):
        faults = []

        def work() -> None:
            try:
                for _ in range(50):
                    assert keys.unwrap(keys.wrap(DATA_KEY, CONTEXT), CONTEXT) == DATA_KEY
            except Exception as fault:
                faults.append(fault)

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert faults == []

    def test_serves_many_at_once_through_several_of_its_kind(self, token):
        """As the first requests of a web process do, which come all at once."""
        faults, ready = [], threading.Barrier(8)

        def work() -> None:
            try:
                ready.wait(30)
                for _ in range(5):
                    keys = Pkcs11Keys(**token)
                    for _ in range(10):
                        assert keys.unwrap(keys.wrap(DATA_KEY, CONTEXT), CONTEXT) == DATA_KEY
            except Exception as fault:
                faults.append(fault)

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert faults == []

    @pytest.mark.goal("R10")
    @pytest.mark.parametrize("wrong", [{"token": "another"}, {"module": "/nowhere.so"}])
    def test_a_token_that_is_not_there_is_a_service_that_is_away(self, token, wrong):
        keys = Pkcs11Keys(**token | wrong)
        for ask in (keys.health, lambda: keys.wrap(DATA_KEY, CONTEXT), lambda: keys.mac(b"x", b"y", number=1)):
            with pytest.raises(KeysAway):
                ask()


class TestRememberingKeys(KeyServiceContract):
    @pytest.fixture
    def keys(self, file):
        return RememberingKeys(FileKeys(file=file))


@pytest.mark.goal("R10")
def test_what_was_opened_serves_a_minute_without_the_service_and_nothing_longer(file):
    now = [1000.0]
    keys = RememberingKeys(FileKeys(file=file), seconds=lambda: now[0])
    seen, unseen = keys.wrap(DATA_KEY, CONTEXT), keys.wrap(DATA_KEY, CONTEXT)
    keys.unwrap(seen, CONTEXT)
    file.rename(file.with_name("elsewhere"))
    now[0] += SERVES_FOR - 0.1
    assert keys.unwrap(seen, CONTEXT) == DATA_KEY
    for ask in (
        lambda: keys.unwrap(unseen, CONTEXT),
        lambda: keys.unwrap(seen, b"another"),
        lambda: keys.unwrap(Wrapped("another", seen.sealed), CONTEXT),
        lambda: keys.wrap(DATA_KEY, CONTEXT),
        lambda: keys.mac(b"x", b"y", number=1),
        keys.health,
    ):
        with pytest.raises(KeysAway):
            ask()
    now[0] += 0.2
    with pytest.raises(KeysAway):
        keys.unwrap(seen, CONTEXT)
    file.with_name("elsewhere").rename(file)
    assert keys.unwrap(seen, CONTEXT) == DATA_KEY


def test_a_wrong_key_is_wrong_though_it_was_opened_before(file):
    keys = RememberingKeys(FileKeys(file=file))
    wrapped = keys.wrap(DATA_KEY, CONTEXT)
    keys.unwrap(wrapped, CONTEXT)
    with pytest.raises(WrongKey):
        keys.unwrap(wrapped, b"another")


def test_a_file_of_keys_is_for_its_owner_alone_and_never_replaced(file):
    before = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o400
    FileKeys.make(file)
    assert file.read_bytes() == before
    FileKeys(file=file).rotate()
    assert file.stat().st_mode & 0o777 == 0o400
    assert set(json.loads(before)["keys"]) < set(json.loads(file.read_bytes())["keys"])
    assert [item.name for item in file.parent.iterdir()] == ["root.json"]


@pytest.mark.goal("R10")
@pytest.mark.parametrize("harm", ["gone", "open to others", "no JSON", "no keys", "short", "not an object"])
def test_a_file_that_cannot_be_used_is_a_service_that_is_away_and_comes_back(file, harm):
    keys, good = FileKeys(file=file), file.read_bytes()
    wrapped = keys.wrap(DATA_KEY, CONTEXT)
    said = json.loads(good)
    file.chmod(0o600)
    match harm:
        case "gone":
            file.rename(file.with_name("elsewhere"))
        case "open to others":
            file.write_bytes(good)
            file.chmod(0o640)
        case "no JSON":
            file.write_text("{")
        case "no keys":
            file.write_text("{}")
        case "short":
            file.write_text(json.dumps(said | {"keys": {said["newest"]: "AAAA"}}))
        case "not an object":
            file.write_text("[]")
    for ask in (
        lambda: keys.wrap(DATA_KEY, CONTEXT),
        lambda: keys.unwrap(wrapped, CONTEXT),
        lambda: keys.mac(b"x", b"y", number=1),
        keys.health,
        keys.rotate,
    ):
        with pytest.raises(KeysAway):
            ask()
    file.unlink(missing_ok=True)
    file.write_bytes(good)
    file.chmod(0o400)
    assert keys.unwrap(wrapped, CONTEXT) == DATA_KEY


def test_another_process_sees_a_new_root_key(file):
    one, two = FileKeys(file=file), FileKeys(file=file)
    two.health()
    newest = one.rotate()
    assert two.wrap(DATA_KEY, CONTEXT).key_id == newest


def test_serves_many_at_once_while_a_key_is_made(file):
    keys, faults = FileKeys(file=file), []

    def work() -> None:
        try:
            for _ in range(100):
                assert keys.unwrap(keys.wrap(DATA_KEY, CONTEXT), CONTEXT) == DATA_KEY
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        keys.rotate()
    for thread in threads:
        thread.join(30)
    assert faults == []


def test_a_process_has_one_service_however_many_ask_first(settings, file):
    settings.SAFELIGHT_KEY_SERVICE = {"adapter": f"{__name__}.Slow", "file": str(file)}
    found, ready = [], threading.Barrier(6)

    def ask() -> None:
        ready.wait(30)
        found.append(chosen.keys())

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 6
    assert len(set(map(id, found))) == 1


class Slow(FileKeys):
    """Takes its time to be made, as one does that loads a library."""

    def __init__(self, *, file: str) -> None:
        time.sleep(0.05)
        super().__init__(file=file)
